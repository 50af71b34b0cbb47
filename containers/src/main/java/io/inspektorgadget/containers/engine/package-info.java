// SPDX-License-Identifier: Apache-2.0
/**
 * What container engines tell about their containers on their Unix sockets: names, images and
 * labels that are not on disk. Asked for by a thread of its own, when a container is known already
 * and only if something is missing; what an engine answers is foreign and may be nonsense.
 *
 * <p>Depends on {@code containers.identity} and the modules kernel and model.
 */
@NullMarked
package io.inspektorgadget.containers.engine;

import org.jspecify.annotations.NullMarked;
