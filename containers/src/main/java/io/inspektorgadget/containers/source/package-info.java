// SPDX-License-Identifier: Apache-2.0
/**
 * Where containers that run already are found: the state that runtimes keep on disk.
 *
 * <p>Depends on {@code containers.identity} and the modules kernel and model.
 */
@NullMarked
package io.inspektorgadget.containers.source;

import org.jspecify.annotations.NullMarked;
