// SPDX-License-Identifier: Apache-2.0
/**
 * What a caller asks of a run: the gadget, its parameters, the containers and the limits.
 *
 * <p>May depend on {@code model.gadget}, {@code model.container} and the JDK.
 */
@NullMarked
package io.inspektorgadget.model.run;

import org.jspecify.annotations.NullMarked;
