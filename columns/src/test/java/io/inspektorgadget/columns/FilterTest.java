// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.columns.filter.EventFilter;
import io.inspektorgadget.columns.filter.FilterException;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldType;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
  private static final DataSource SOURCE =
      FakeSource.stream("test")
          .field("proc.comm", FieldType.STRING, "gadget_comm", "columns.alias", "comm")
          .field("proc.pid", FieldType.UINT32, "gadget_pid", "columns.alias", "pid")
          .field("delta", FieldType.INT32, "")
          .field("big", FieldType.UINT64, "")
          .field("load", FieldType.FLOAT64, "")
          .field("ok", FieldType.BOOL, "")
          .field("bytes_raw", FieldType.UINT64, "gadget_bytes")
          .computed("bytes", "bytes", "bytes_raw")
          .field("argv", FieldType.STRING_LIST, "")
          .field("missing", FieldType.STRING, "")
          .field("absent", FieldType.UINT32, "")
          .field("hist", FieldType.HISTOGRAM, "")
          .build();

  private static final FakeEvent EVENT =
      new FakeEvent(SOURCE)
          .set("proc.comm", "nginx,worker")
          .set("proc.pid", 42)
          .set("delta", -5)
          .set("big", -1)
          .setDouble("load", 0.5)
          .set("ok", 1)
          .set("bytes_raw", 15_000_000_000L)
          .set("bytes", "15 GB")
          .set("argv", "sh", "-c", "true")
          .setSlots("hist", 1);

  private static boolean holds(String filter) {
    return EventFilter.parse(List.of(filter), SOURCE).test(EVENT);
  }

  private static String error(String filter) {
    try {
      EventFilter.parse(List.of(filter), SOURCE);
    } catch (FilterException e) {
      return String.valueOf(e.getMessage());
    }
    return "no error";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "comm==nginx\\,worker",
        "proc.comm==nginx\\,worker",
        "COMM!=nginx",
        "comm~^nginx",
        "comm~n{1\\,2}x",
        "comm!~apache",
        "comm>nginw",
        "comm<nginy",
        "comm:nginx\\,worker",
        "comm:~work",
        "comm:!~apache",
        "comm:!apache",
        "pid==42",
        "pid==0x2a",
        "pid!=43",
        "pid>=42",
        "pid<=42",
        "pid>41",
        "pid<43",
        "pid:42",
        "pid:>=42",
        "pid:!>42",
        "pid:!<42",
        "pid==42,comm~nginx,delta<0",
        "delta==-5",
        "delta>-6",
        "big==18446744073709551615",
        "big>9223372036854775807",
        "load==0.5",
        "load<0.6",
        "load>=0",
        "ok==true",
        "ok:true",
        "ok!=false",
        "bytes==15 GB",
        "bytes~GB$",
        "bytes>14000000000",
        "bytes_raw:<=15000000000",
        "argv==-c",
        "argv!=-x",
        "argv~^tr",
        "argv!~^x",
        "missing==",
        "missing:",
        "missing!=x",
        "absent!=0",
        "absent:!7"
      })
  void holdsFor(String filter) {
    assertThat(holds(filter)).as(filter).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "comm==nginx",
        "comm!=nginx\\,worker",
        "comm~^worker",
        "comm!~nginx",
        "comm:!~nginx",
        "pid==41",
        "pid>42",
        "pid<42",
        "pid==42,comm==x",
        "pid:!42",
        "pid:!>=42",
        "delta>0",
        "big<5",
        "load>0.5",
        "ok==false",
        "bytes<14000000000",
        "argv==-x",
        "argv!=-c",
        "argv!~^tr",
        "missing==x",
        "absent==0",
        "absent>=0",
        "absent<1"
      })
  void doesNotHoldFor(String filter) {
    assertThat(holds(filter)).as(filter).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "com==x | no field \"com\"; did you mean comm?",
        "pdi==1 | no field \"pdi\"; did you mean pid?",
        "pid==abc | \"abc\" is not an integer of at least 0 as proc.pid",
        "pid==-1 | proc.pid is a number from 0 to 4294967295",
        "pid==4294967296 | proc.pid is a number from 0 to 4294967295",
        "delta==2147483648 | delta is a number from -2147483648 to 2147483647",
        "big==18446744073709551616 | is not an integer of at least 0",
        "pid~4 | a regular expression needs a text",
        "comm~( | no regular expression",
        "ok==yes | \"yes\" is not true or false as ok",
        "load==fast | \"fast\" is not a number as load",
        "comm | no operator",
        "comm=x | no operator begins with a single \"=\"; did you mean comm==x?",
        "pid=>2 | did you mean pid>=2?",
        "pid=<2 | did you mean pid<=2?",
        "comm=~^x | did you mean comm~^x?",
        "comm= | no operator begins with \"=\"",
        "==x | no field stands before the operator",
        "pid==1, | no field stands before the operator",
        "argv>x | argv is a list, which has no order",
        "hist==1 | hist is a histogram"
      })
  void badFiltersNameWhatIsWrong(String filter, String expected) {
    assertThat(error(filter)).startsWith("reading the filter \"").contains(expected);
  }

  @Test
  void aValueThatTheFieldNeverHasIsRefused() {
    DataSource source =
        FakeSource.stream("disk")
            .field("rw", FieldType.STRING, "", "value.one-of", "read, write")
            .build();
    FakeEvent event = new FakeEvent(source).set("rw", "write");
    assertThat(EventFilter.parse(List.of("rw==write"), source).test(event)).isTrue();
    assertThat(EventFilter.parse(List.of("rw!=read"), source).test(event)).isTrue();
    assertThat(EventFilter.parse(List.of("rw=="), source).test(event)).isFalse();
    assertThat(EventFilter.parse(List.of("rw~^w"), source).test(event)).isTrue();
    for (String filter : List.of("rw==wirte", "rw:wirte")) {
      assertThatThrownBy(() -> EventFilter.parse(List.of(filter), source))
          .isInstanceOf(FilterException.class)
          .hasMessage(
              "reading the filter \""
                  + filter
                  + "\": rw is never \"wirte\", only read, write; did you mean write?");
    }
  }

  @Test
  void severalFiltersMustAllHold() {
    assertThat(EventFilter.parse(List.of("pid==42", "ok==true"), SOURCE).test(EVENT)).isTrue();
    assertThat(EventFilter.parse(List.of("pid==42", "ok==false"), SOURCE).test(EVENT)).isFalse();
    assertThat(EventFilter.parse(List.of(), SOURCE).test(EVENT)).isTrue();
  }

  @Test
  void aFilterConcernsTheSourcesThatHaveItsField() {
    DataSource other = FakeSource.stream("other").field("x", FieldType.INT32, "").build();
    List<EventFilter> filters =
        EventFilter.parseLeniently(List.of("x==1"), List.of(SOURCE, other)).stream()
            .map(f -> f == null ? EventFilter.parse(List.of(), SOURCE) : f)
            .toList();
    assertThat(filters.get(0).test(EVENT)).isTrue();
    assertThat(filters.get(1).test(new FakeEvent(other).set("x", 1))).isTrue();
    assertThat(filters.get(1).test(new FakeEvent(other).set("x", 2))).isFalse();
    assertThatThrownBy(() -> EventFilter.parseLeniently(List.of("y==1"), List.of(SOURCE, other)))
        .isInstanceOf(FilterException.class)
        .hasMessageContaining("test, other have no field \"y\"");
  }

  @Test
  void anyTextIsAFilterOrAClearError() {
    Random random = new Random(3);
    String alphabet = "comm pid=!<>~:,\\.()[]{}*+-0123\u001b\n";
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "pid" : "");
      int length = random.nextInt(12);
      for (int i = 0; i < length; i++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String error = error(text.toString());
      assertThat(error).doesNotContain("\u001b").doesNotContain("\n");
    }
  }
}
