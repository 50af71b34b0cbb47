// SPDX-License-Identifier: Apache-2.0
/**
 * Container-Collection: every container of this machine, who it is, and every change as it happens.
 *
 * <p>Depends on the modules kernel and model and on the packages below it.
 */
@NullMarked
package io.inspektorgadget.containers;

import org.jspecify.annotations.NullMarked;
