// SPDX-License-Identifier: Apache-2.0
/** What the tests of the kernel packages share. Depends on the JDK only. */
@NullMarked
package io.inspektorgadget.kernel;

import org.jspecify.annotations.NullMarked;
