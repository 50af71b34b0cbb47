// SPDX-License-Identifier: Apache-2.0
/**
 * Tests of BPF objects and rings. Those tagged {@code kernel} need root; they watch only this
 * process.
 */
@NullMarked
package io.inspektorgadget.kernel.bpf;

import org.jspecify.annotations.NullMarked;
