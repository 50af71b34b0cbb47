// SPDX-License-Identifier: Apache-2.0
/**
 * Tests of the program {@code kubectl gadget}: its parts, and with the tag {@code cluster} the
 * program itself on a cluster.
 */
@NullMarked
package io.inspektorgadget.kubectl;

import org.jspecify.annotations.NullMarked;
