// SPDX-License-Identifier: Apache-2.0
/**
 * The way to the API server of a cluster: which cluster a user means, the client that asks it, and
 * what it means when it does not answer. Shared by the gadget pod and by the client on a laptop.
 *
 * <p>May depend on the Kubernetes client and the JDK; knows no Trace, no kernel and no terminal.
 */
@NullMarked
package io.inspektorgadget.trace.client;

import org.jspecify.annotations.NullMarked;
