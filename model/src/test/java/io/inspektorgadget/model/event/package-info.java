// SPDX-License-Identifier: Apache-2.0
/**
 * Tests of what an event is written into.
 *
 * <p>May depend on what it tests, JUnit and AssertJ.
 */
@NullMarked
package io.inspektorgadget.model.event;

import org.jspecify.annotations.NullMarked;
