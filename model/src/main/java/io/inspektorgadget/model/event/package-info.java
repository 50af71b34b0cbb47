// SPDX-License-Identifier: Apache-2.0
/**
 * Events as sinks see them: a view over one record, the text it is written into, and the sink's
 * methods for everything that is not an event (loss, warnings, the end).
 *
 * <p>May depend on {@code model.schema} and the JDK.
 */
@NullMarked
package io.inspektorgadget.model.event;

import org.jspecify.annotations.NullMarked;
