// SPDX-License-Identifier: Apache-2.0
/** The proofs of the gadgets: each folder's scenario.yaml, run for real. */
@NullMarked
package io.inspektorgadget.scenario;

import org.jspecify.annotations.NullMarked;
