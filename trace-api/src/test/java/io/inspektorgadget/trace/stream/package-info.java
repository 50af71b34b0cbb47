// SPDX-License-Identifier: Apache-2.0
/** Tests of the frames of a stream. */
@NullMarked
package io.inspektorgadget.trace.stream;

import org.jspecify.annotations.NullMarked;
