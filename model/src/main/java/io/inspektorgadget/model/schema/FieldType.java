// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.schema;

/** How a field's value is read through an {@link io.inspektorgadget.model.event.EventView}. */
public enum FieldType {
  /** One byte, 0 is false; read with {@code longAt} as 0 or 1. */
  BOOL(1),
  INT8(1),
  INT16(2),
  INT32(4),
  INT64(8),
  UINT8(1),
  UINT16(2),
  UINT32(4),
  /** Read with {@code longAt} as its bit pattern. */
  UINT64(8),
  FLOAT32(4),
  FLOAT64(8),
  /** Text, in UTF-8 where its origin is honest: kernel and containers may send any bytes. */
  STRING(0),
  /** Bytes that are not text. */
  BYTES(0),
  /** Texts in order, such as the words of a command line. */
  STRING_LIST(0),
  /**
   * Counts of a power-of-two histogram: slot 0 counts the values 0 and 1, slot n the values 2^n to
   * 2^(n+1)-1.
   */
  HISTOGRAM(0);

  private final int sizeBytes;

  FieldType(int sizeBytes) {
    this.sizeBytes = sizeBytes;
  }

  /** Size of one value in a record, in bytes; 0 where it differs from field to field. */
  public int sizeBytes() {
    return sizeBytes;
  }

  /** True for integers, floats and booleans: what {@code longAt} or {@code doubleAt} reads. */
  public boolean isNumeric() {
    return sizeBytes != 0;
  }

  /** True for {@link #FLOAT32} and {@link #FLOAT64}. */
  public boolean isFloat() {
    return this == FLOAT32 || this == FLOAT64;
  }

  /** True for the unsigned integer types. */
  public boolean isUnsigned() {
    return this == UINT8 || this == UINT16 || this == UINT32 || this == UINT64;
  }
}
