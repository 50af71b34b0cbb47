// SPDX-License-Identifier: Apache-2.0
/**
 * What a gadget is: its names, parameters, data sources and hooks, and the catalog of all gadgets
 * that a build knows.
 *
 * <p>May depend on {@code model.schema}, {@code model.container} (lists of values), {@code
 * model.text}, {@code model.json}, Jackson's streaming API and the JDK.
 */
@NullMarked
package io.inspektorgadget.model.gadget;

import org.jspecify.annotations.NullMarked;
