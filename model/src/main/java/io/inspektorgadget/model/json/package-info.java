// SPDX-License-Identifier: Apache-2.0
/**
 * JSON texts read token by token, from the first moment of a program on.
 *
 * <p>May depend on the JDK.
 */
@NullMarked
package io.inspektorgadget.model.json;

import org.jspecify.annotations.NullMarked;
