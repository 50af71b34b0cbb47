// SPDX-License-Identifier: Apache-2.0
/**
 * The command line of a program that runs gadgets: its commands come from the catalog and from the
 * launcher that wires it.
 *
 * <p>The entrance is {@link io.inspektorgadget.cli.Program}. Shared by {@code ig} and {@code
 * kubectl-gadget}; runs on any laptop. May depend on {@code columns}, {@code model} and the JDK,
 * knows neither Linux nor Kubernetes.
 */
@NullMarked
package io.inspektorgadget.cli;

import org.jspecify.annotations.NullMarked;
