// SPDX-License-Identifier: Apache-2.0
/**
 * Tests of {@code tracers.format}, on records and hosts made by hand: they need no kernel and no
 * root.
 *
 * <p>May depend on what it tests, JUnit and AssertJ.
 */
@NullMarked
package io.inspektorgadget.tracers.format;

import org.jspecify.annotations.NullMarked;
