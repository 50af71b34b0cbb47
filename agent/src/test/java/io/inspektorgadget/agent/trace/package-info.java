// SPDX-License-Identifier: Apache-2.0
/** Tests of the Trace controller: without an API server, and against the real one of a cluster. */
@NullMarked
package io.inspektorgadget.agent.trace;

import org.jspecify.annotations.NullMarked;
