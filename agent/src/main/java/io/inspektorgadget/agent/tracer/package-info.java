// SPDX-License-Identifier: Apache-2.0
/**
 * The Gadget Tracer Manager: the gadgets that run in this pod, each under its tracer id, started
 * and stopped by the Trace controller, read through streams.
 *
 * <p>May depend on {@code agent.stream}, {@code tracers}, {@code containers}, {@code columns},
 * {@code model} and {@code trace.stream}; not on Kubernetes.
 */
@NullMarked
package io.inspektorgadget.agent.tracer;

import org.jspecify.annotations.NullMarked;
