// SPDX-License-Identifier: Apache-2.0
/** Tests of the Trace resource, against the catalog of this build. */
@NullMarked
package io.inspektorgadget.trace;

import org.jspecify.annotations.NullMarked;
