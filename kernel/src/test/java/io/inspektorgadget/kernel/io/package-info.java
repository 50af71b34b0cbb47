// SPDX-License-Identifier: Apache-2.0
/** Tests of descriptors, epoll and native calls; none needs root. */
@NullMarked
package io.inspektorgadget.kernel.io;

import org.jspecify.annotations.NullMarked;
