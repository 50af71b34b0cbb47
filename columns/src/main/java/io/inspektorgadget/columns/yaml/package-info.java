// SPDX-License-Identifier: Apache-2.0
/**
 * Events as YAML documents.
 *
 * <p>May depend on {@code model}, {@code columns.field}, {@code columns.format}, {@code
 * columns.json}, {@code columns.text} and the JDK.
 */
@NullMarked
package io.inspektorgadget.columns.yaml;

import org.jspecify.annotations.NullMarked;
