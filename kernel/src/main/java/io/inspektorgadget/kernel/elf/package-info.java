// SPDX-License-Identifier: Apache-2.0
/**
 * ELF files as data: sections, symbols, program headers and the build id of 64-bit little-endian
 * files, read without trusting a byte of them.
 *
 * <p>Depends on the JDK only.
 */
@NullMarked
package io.inspektorgadget.kernel.elf;

import org.jspecify.annotations.NullMarked;
