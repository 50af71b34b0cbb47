// SPDX-License-Identifier: Apache-2.0
/** Tests of the agent's stream package. */
@NullMarked
package io.inspektorgadget.agent.stream;

import org.jspecify.annotations.NullMarked;
