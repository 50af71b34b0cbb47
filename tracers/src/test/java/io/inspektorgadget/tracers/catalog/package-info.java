// SPDX-License-Identifier: Apache-2.0
/**
 * Tests of the catalog's build and of gadgets from outside it; they run clang.
 *
 * <p>May depend on what it tests, JUnit and AssertJ.
 */
@NullMarked
package io.inspektorgadget.tracers.catalog;

import org.jspecify.annotations.NullMarked;
