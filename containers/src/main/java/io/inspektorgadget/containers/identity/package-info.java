// SPDX-License-Identifier: Apache-2.0
/**
 * Who a container is: what its runtime was asked to do, what its OCI configuration says, what the
 * kernel says about its processes. Everything read here was written by others and may be hostile.
 *
 * <p>Depends on the modules kernel and model and on Jackson's streaming parser.
 */
@NullMarked
package io.inspektorgadget.containers.identity;

import org.jspecify.annotations.NullMarked;
