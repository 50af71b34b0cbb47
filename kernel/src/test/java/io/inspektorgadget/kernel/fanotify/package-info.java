// SPDX-License-Identifier: Apache-2.0
/** Tests of permission events: only files that they made themselves are marked. */
@NullMarked
package io.inspektorgadget.kernel.fanotify;

import org.jspecify.annotations.NullMarked;
