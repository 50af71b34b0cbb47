// SPDX-License-Identifier: Apache-2.0
/**
 * Bytes of foreign origin made fit for a reader: UTF-8 decoding, display widths, escaping for
 * terminals, base64, numbers. Nothing here allocates in its normal course.
 *
 * <p>May depend on {@code model.event} (for the text buffer) and the JDK.
 */
@NullMarked
package io.inspektorgadget.columns.text;

import org.jspecify.annotations.NullMarked;
