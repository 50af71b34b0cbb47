// SPDX-License-Identifier: Apache-2.0
/**
 * Namespaces of processes: their numbers, their lasting ids, and descriptors that keep them alive.
 *
 * <p>May depend on {@code kernel.io} and the JDK.
 */
@NullMarked
package io.inspektorgadget.kernel.namespace;

import org.jspecify.annotations.NullMarked;
