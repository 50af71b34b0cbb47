// SPDX-License-Identifier: Apache-2.0
/**
 * The cluster that a command line means, and the gadget pods in it.
 *
 * <p>May depend on {@code cli.flag}, {@code trace-api} and the Kubernetes client.
 */
@NullMarked
package io.inspektorgadget.kubectl.cluster;

import org.jspecify.annotations.NullMarked;
