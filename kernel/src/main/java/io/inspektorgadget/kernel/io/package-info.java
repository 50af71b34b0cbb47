// SPDX-License-Identifier: Apache-2.0
/**
 * Calls into native code and the few file-descriptor types that the kernel packages share: one call
 * shape for every function, errno names, epoll, eventfd and mappings.
 *
 * <p>Depends on the JDK only. Nothing here knows BPF, processes or containers.
 */
@NullMarked
package io.inspektorgadget.kernel.io;

import org.jspecify.annotations.NullMarked;
