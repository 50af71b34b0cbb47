// SPDX-License-Identifier: Apache-2.0
/**
 * Namespaces of processes, held by descriptors so that their numbers cannot be used again.
 *
 * <p>Depends on {@code kernel.io}.
 */
@NullMarked
package io.inspektorgadget.kernel.namespace;

import org.jspecify.annotations.NullMarked;
