// SPDX-License-Identifier: Apache-2.0
/** Tests of what the agent asks the API server for, and of the whole in a cluster. */
@NullMarked
package io.inspektorgadget.agent.cluster;

import org.jspecify.annotations.NullMarked;
