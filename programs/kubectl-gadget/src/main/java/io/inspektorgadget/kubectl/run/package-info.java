// SPDX-License-Identifier: Apache-2.0
/**
 * A gadget on the nodes of a cluster: one Trace and one stream for each node, and all of them
 * together as one run for the command line.
 *
 * <p>May depend on {@code kubectl.cluster}, {@code cli}, {@code columns}, {@code trace-api} and the
 * Kubernetes client.
 */
@NullMarked
package io.inspektorgadget.kubectl.run;

import org.jspecify.annotations.NullMarked;
