// SPDX-License-Identifier: Apache-2.0
/**
 * The program {@code ig}: traces containers on one Linux host, all parts in one process.
 *
 * <p>Wires Container-Collection, Tracers, Columns and the command line; has no logic of a gadget
 * and no native call of its own. May depend on every module but those of a cluster.
 */
@NullMarked
package io.inspektorgadget.ig;

import org.jspecify.annotations.NullMarked;
