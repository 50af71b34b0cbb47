// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.model.schema.FieldOrigin.Encoding;
import io.inspektorgadget.model.schema.FieldType;
import io.inspektorgadget.tracers.event.RecordBytes;
import io.inspektorgadget.tracers.event.RecordView;
import io.inspektorgadget.tracers.event.SourceDraft;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JoinFormatterTest {
  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "'ls|', ls",
    "'ls|-l|', 'ls, -l'",
    "'ls||-l|', 'ls, , -l'",
    "'|', ''",
    "'cut', cut"
  })
  void elementsHaveTheSeparatorBetweenThem(String written, String expected) {
    String bytes = written.replace('|', '\0');
    RecordView view =
        new SourceDraft().text("argv", FieldType.STRING_LIST, Encoding.TAIL, 0, 4).view();
    new RecordBytes(4 + bytes.length()).tailAt(0, 4, bytes.length()).textAt(4, bytes).on(view);
    assertThat(Formatted.text(new JoinFormatter(0, ", "), view)).isEqualTo(expected);
  }
}
