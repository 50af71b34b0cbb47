// SPDX-License-Identifier: Apache-2.0
/**
 * Permission events of fanotify(7): what others do is held until we have looked at it.
 *
 * <p>The group belongs to a small process of its own, {@code fanotify-gate.c}, so that nothing that
 * happens to this one keeps anybody waiting. Depends on {@code kernel.io}.
 */
@NullMarked
package io.inspektorgadget.kernel.fanotify;

import org.jspecify.annotations.NullMarked;
