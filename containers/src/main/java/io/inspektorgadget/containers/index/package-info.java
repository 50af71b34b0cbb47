// SPDX-License-Identifier: Apache-2.0
/**
 * Containers by namespace and control group, for readers that may neither wait nor allocate.
 *
 * <p>Depends on the module model.
 */
@NullMarked
package io.inspektorgadget.containers.index;

import org.jspecify.annotations.NullMarked;
