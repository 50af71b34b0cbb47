// SPDX-License-Identifier: Apache-2.0
/**
 * What a container is, and which containers somebody means.
 *
 * <p>Depends on the JDK only.
 */
@NullMarked
package io.inspektorgadget.model.container;

import org.jspecify.annotations.NullMarked;
