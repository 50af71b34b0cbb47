// SPDX-License-Identifier: Apache-2.0
/**
 * Tests of the gadget reader, on objects that the build compiles from src/test/bpf.
 *
 * <p>May depend on what it tests, JUnit and AssertJ.
 */
@NullMarked
package io.inspektorgadget.tracers.schema;

import org.jspecify.annotations.NullMarked;
