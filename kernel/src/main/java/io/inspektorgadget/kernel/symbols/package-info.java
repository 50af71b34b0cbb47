// SPDX-License-Identifier: Apache-2.0
/**
 * From addresses to names: the kernel's symbols, those of ELF files, and which file lies where in a
 * process.
 *
 * <p>May depend on {@code kernel.elf} and the JDK.
 */
@NullMarked
package io.inspektorgadget.kernel.symbols;

import org.jspecify.annotations.NullMarked;
