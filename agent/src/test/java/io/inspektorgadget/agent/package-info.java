// SPDX-License-Identifier: Apache-2.0
/** Tests of the gadget pod's process with real gadgets, its real socket and its real client. */
@NullMarked
package io.inspektorgadget.agent;

import org.jspecify.annotations.NullMarked;
