// SPDX-License-Identifier: Apache-2.0
/** Tests that gadgets see the first things that containers do. */
@NullMarked
package io.inspektorgadget.birth;

import org.jspecify.annotations.NullMarked;
