// SPDX-License-Identifier: Apache-2.0
/**
 * The Trace controller: performs the Traces of this node as long as the pod lives, by telling the
 * Gadget Tracer Manager what to run, and writes into each what became of it.
 *
 * <p>May depend on {@code agent.tracer}, {@code agent.cluster}, {@code trace}, {@code columns},
 * {@code model} and the Kubernetes client; not on {@code tracers}.
 */
@NullMarked
package io.inspektorgadget.agent.trace;

import org.jspecify.annotations.NullMarked;
