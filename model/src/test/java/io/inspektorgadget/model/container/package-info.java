// SPDX-License-Identifier: Apache-2.0
/**
 * Tests of the catalog and its JSON.
 *
 * <p>May depend on what it tests, JUnit and AssertJ.
 */
@NullMarked
package io.inspektorgadget.model.container;

import org.jspecify.annotations.NullMarked;
