// SPDX-License-Identifier: Apache-2.0
/**
 * The BPF Type Format of objects and of the running kernel: types, members and variables, read
 * without trusting a byte of them. Mirrors {@code Documentation/bpf/btf.rst} of the kernel.
 *
 * <p>May depend on {@code kernel.elf} and the JDK.
 */
@NullMarked
package io.inspektorgadget.kernel.btf;

import org.jspecify.annotations.NullMarked;
