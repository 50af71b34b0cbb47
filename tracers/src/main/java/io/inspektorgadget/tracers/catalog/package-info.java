// SPDX-License-Identifier: Apache-2.0
/**
 * Where gadgets come from: the catalog that the build writes, and folders and objects from outside
 * it, which are compiled and read when they are run.
 *
 * <p>May depend on {@code tracers.schema}, {@code model} and the JDK.
 */
@NullMarked
package io.inspektorgadget.tracers.catalog;

import org.jspecify.annotations.NullMarked;
