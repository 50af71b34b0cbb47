// SPDX-License-Identifier: Apache-2.0
/**
 * How a new container is noticed: the kernel program that follows the runtimes' processes.
 *
 * <p>Depends on {@code containers.identity} and the modules kernel and model.
 */
@NullMarked
package io.inspektorgadget.containers.birth;

import org.jspecify.annotations.NullMarked;
