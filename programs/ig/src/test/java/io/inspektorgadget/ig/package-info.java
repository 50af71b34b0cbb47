// SPDX-License-Identifier: Apache-2.0
/** Tests of the program {@code ig}: its parts, and with the tag {@code cli} the program itself. */
@NullMarked
package io.inspektorgadget.ig;

import org.jspecify.annotations.NullMarked;
