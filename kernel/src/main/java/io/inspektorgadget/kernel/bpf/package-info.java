// SPDX-License-Identifier: Apache-2.0
/**
 * BPF objects, maps, programs, links, iterators and ring buffers, through libbpf and mapped memory.
 *
 * <p>An object is opened without touching the kernel, then loaded, then its programs are attached;
 * everything opened is closed in reverse order, once. Depends on {@code kernel.io}, {@code
 * kernel.elf} and {@code kernel.btf}; knows no gadgets.
 */
@NullMarked
package io.inspektorgadget.kernel.bpf;

import org.jspecify.annotations.NullMarked;
