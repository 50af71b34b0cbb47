// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.schema;

/** Where a field's value comes from. */
public sealed interface FieldOrigin {

  /**
   * The value lies in the record itself.
   *
   * @param encoding how the bytes at the offset are to be understood
   * @param offsetBytes offset of the field from the start of the record
   * @param sizeBytes size of the field in the record, at least 0
   * @param elementSizeBytes size of one element for histograms and arrays, else equal to {@code
   *     sizeBytes}; the encoding may give it another meaning
   */
  record Stored(Encoding encoding, int offsetBytes, int sizeBytes, int elementSizeBytes)
      implements FieldOrigin {}

  /**
   * The value is made in user space.
   *
   * @param formatter name of the formatter that makes it, such as {@code errno} or {@code
   *     container}
   * @param sourceIndex index of the field it is made from; -1 if it needs none
   * @param argument what the formatter needs to know, such as a separator or the name of a map; may
   *     be empty
   */
  record Computed(String formatter, int sourceIndex, String argument) implements FieldOrigin {}

  /** How a stored field is encoded. All integers are in the machine's byte order. */
  enum Encoding {
    /** A number, or a fixed array of bytes, in place. */
    FIXED,
    /**
     * A number in a last member that the record leaves out if it does not have it: the tail begins
     * in its place then. {@code elementSizeBytes} is the offset of the record's first {@code
     * gadget_string}; the number is there if the bytes of that one begin behind it.
     */
    OPTIONAL,
    /** A {@code char[n]} in place, ended by the first NUL or by its size. */
    NUL_TERMINATED,
    /**
     * A {@code gadget_string} or {@code gadget_string_list}: u16 offset from the start of the
     * record and u16 length in bytes, of bytes that lie in the record's tail.
     */
    TAIL,
    /**
     * The last member of a record that is sent with its used length only: from the offset to the
     * record's end.
     */
    REST,
    /**
     * Bytes behind the fixed record whose number a field of the record says: {@code sizeBytes} is
     * the width of that field (1, 2, 4 or 8) and {@code elementSizeBytes} its offset. What the
     * record does not hold is not there, whatever the field says.
     */
    COUNTED_REST
  }
}
