// SPDX-License-Identifier: Apache-2.0
/**
 * What every format of output has in common: it turns events into bytes of a buffer.
 *
 * <p>May depend on {@code model} and the JDK.
 */
@NullMarked
package io.inspektorgadget.columns.format;

import org.jspecify.annotations.NullMarked;
