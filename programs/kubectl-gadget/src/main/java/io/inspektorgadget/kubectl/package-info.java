// SPDX-License-Identifier: Apache-2.0
/**
 * The program {@code kubectl gadget}: deploys the gadget pods to a cluster, runs gadgets on its
 * nodes and shows what they send as one stream.
 *
 * <p>Wires the command line and the ways to the cluster; runs on any laptop, so it may depend on
 * {@code cli} and {@code trace-api} and what they stand on, but not on the kernel or the tracers.
 */
@NullMarked
package io.inspektorgadget.kubectl;

import org.jspecify.annotations.NullMarked;
