// SPDX-License-Identifier: Apache-2.0
/**
 * The shape of an event: data sources, their fields and where each field lies in a record.
 *
 * <p>Depends on the JDK only. Knows no widths and no terminals: how a field looks as a column is
 * read from its annotations by {@code columns}.
 */
@NullMarked
package io.inspektorgadget.model.schema;

import org.jspecify.annotations.NullMarked;
