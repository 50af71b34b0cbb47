// SPDX-License-Identifier: Apache-2.0
/**
 * What puts the gadget pods into a cluster, tells their version, and takes everything away again.
 *
 * <p>May depend on {@code kubectl.cluster}, {@code cli}, {@code trace-api} and the Kubernetes
 * client.
 */
@NullMarked
package io.inspektorgadget.kubectl.deploy;

import org.jspecify.annotations.NullMarked;
