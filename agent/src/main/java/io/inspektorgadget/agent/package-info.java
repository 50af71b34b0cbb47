// SPDX-License-Identifier: Apache-2.0
/**
 * The gadget pod's process: wires Container-Collection, the Gadget Tracer Manager, its socket and
 * the Trace controller.
 *
 * <p>A launcher: may depend on everything but {@code cli} and terminals.
 */
@NullMarked
package io.inspektorgadget.agent;

import org.jspecify.annotations.NullMarked;
