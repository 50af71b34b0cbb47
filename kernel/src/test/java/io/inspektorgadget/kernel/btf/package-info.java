// SPDX-License-Identifier: Apache-2.0
/**
 * Tests of {@code kernel.btf}, on bytes built by hand and on files that every machine has.
 *
 * <p>May depend on what it tests, JUnit and AssertJ.
 */
@NullMarked
package io.inspektorgadget.kernel.btf;

import org.jspecify.annotations.NullMarked;
