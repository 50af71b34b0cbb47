// SPDX-License-Identifier: Apache-2.0
/**
 * What the tests of several modules share: what a test needs of the kernel, and how long it waits.
 *
 * <p>Compiled into the tests of each module that uses it, since the tests of {@code kernel} are
 * among them. May depend on {@code kernel} and JUnit only.
 */
@NullMarked
package io.inspektorgadget.testing;

import org.jspecify.annotations.NullMarked;
