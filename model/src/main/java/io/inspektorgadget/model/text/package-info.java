// SPDX-License-Identifier: Apache-2.0
/**
 * Texts that people type and read: the nearest known name to a mistyped one.
 *
 * <p>Depends on the JDK only.
 */
@NullMarked
package io.inspektorgadget.model.text;

import org.jspecify.annotations.NullMarked;
