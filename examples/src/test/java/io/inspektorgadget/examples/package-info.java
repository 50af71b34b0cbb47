// SPDX-License-Identifier: Apache-2.0
/** Runs every example as its reader does: its main method, in a JVM of its own. */
@NullMarked
package io.inspektorgadget.examples;

import org.jspecify.annotations.NullMarked;
