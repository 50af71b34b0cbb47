// SPDX-License-Identifier: Apache-2.0
/**
 * Where the host's files are: on the host itself, or under a folder of a container that traces it.
 *
 * <p>Depends on the JDK only.
 */
@NullMarked
package io.inspektorgadget.kernel.host;

import org.jspecify.annotations.NullMarked;
