// SPDX-License-Identifier: Apache-2.0
/**
 * Processes: what /proc says about them, and descriptors that notice their end.
 *
 * <p>Depends on {@code kernel.host} and {@code kernel.io}. A process may be gone at any time, so
 * every answer can be empty; that is no error.
 */
@NullMarked
package io.inspektorgadget.kernel.proc;

import org.jspecify.annotations.NullMarked;
