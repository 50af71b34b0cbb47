// SPDX-License-Identifier: Apache-2.0
/**
 * Gadgets in the running kernel: what they leave behind, what they lose, what their records hold.
 *
 * <p>Needs root. Traces only processes that the tests start, in namespaces of their own. May depend
 * on everything that {@code ig} wires, JUnit and AssertJ.
 */
@NullMarked
package io.inspektorgadget.gadget;

import org.jspecify.annotations.NullMarked;
