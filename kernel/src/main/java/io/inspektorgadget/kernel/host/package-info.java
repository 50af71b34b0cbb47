// SPDX-License-Identifier: Apache-2.0
/**
 * Where the host's files are, seen from this process: on the host itself, or in a container that
 * has the host's root mounted somewhere.
 *
 * <p>Depends on the JDK only; every path of the host goes through it.
 */
@NullMarked
package io.inspektorgadget.kernel.host;

import org.jspecify.annotations.NullMarked;
