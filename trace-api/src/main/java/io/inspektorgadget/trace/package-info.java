// SPDX-License-Identifier: Apache-2.0
/**
 * The resource {@code traces.gadget.kinvolk.io}: what a user writes and reads, what it means for a
 * gadget of the catalog, and the words of its errors. Shared by the gadget pod, which performs
 * Traces, and by the client, which writes them.
 *
 * <p>May depend on {@code model} and on the Kubernetes client's classes of resources; knows no
 * kernel, no terminal, and sends nothing itself.
 */
@NullMarked
package io.inspektorgadget.trace;

import org.jspecify.annotations.NullMarked;
