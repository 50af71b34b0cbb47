// SPDX-License-Identifier: Apache-2.0
/** Tests of the package of the same name. They look at this process and its children alone. */
@NullMarked
package io.inspektorgadget.kernel.namespace;

import org.jspecify.annotations.NullMarked;
