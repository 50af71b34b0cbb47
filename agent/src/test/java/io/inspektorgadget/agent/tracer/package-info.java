// SPDX-License-Identifier: Apache-2.0
/** Tests of the agent's tracer package. */
@NullMarked
package io.inspektorgadget.agent.tracer;

import org.jspecify.annotations.NullMarked;
