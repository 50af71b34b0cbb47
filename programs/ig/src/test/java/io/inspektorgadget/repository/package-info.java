// SPDX-License-Identifier: Apache-2.0
/** Checks of the whole repository: its rules of style, and which part may depend on which. */
@NullMarked
package io.inspektorgadget.repository;

import org.jspecify.annotations.NullMarked;
