// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.gadget.GadgetSpec.ObjectLocation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no gadget is refused with an error that names the thing and the place. */
class RefusedGadgetTest {
  private static final ObjectLocation NOWHERE = new ObjectLocation.Resource("");

  private static void assertRefused(String object, @Nullable String yaml, String... parts) {
    assertThatThrownBy(() -> TestObjects.read(object, yaml))
        .isInstanceOf(GadgetException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void namesTheMemberThatIsABitField() {
    assertRefused("bit_field", null, "half", "struct event of bit_field", "bit field");
  }

  @Test
  void namesTheMapThatIsNotThere() {
    assertRefused("wrong_map", null, "lost", "no map nowhere");
  }

  @Test
  void saysWhatToUseInsteadOfAPerfBuffer() {
    assertRefused(
        "perf_buffer", null, "data source old of perf_buffer", "GADGET_TRACER_MAP(events,");
  }

  @Test
  void saysHowToDeclareADataSource() {
    assertRefused("no_source", null, "no_source", "GADGET_TRACER");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "datasources: {all: {fields: {eror: {}}}} # line 1 column 30 # no field eror # error",
        "datasources: {rwos: {}} # line 1 column 15 # no data source rwos # mean rows?",
        "params: {ebpf: {fialed: {}}} # line 1 column 17 # no parameter fialed # mean failed?",
        "hooks: {x: [wlak]} # line 1 column 13 # no program wlak # mean walk?",
        "hooks: {x: [none, walk]} # line 1 column 13 # no program none # everything",
        "descripton: x # line 1 column 1  # descripton is not known # mean description?",
        "datasources: {all: {feilds: {}}} # line 1 # no feilds # fields",
        "datasources: {all: {fields: {error: {annotations: {columns.replace: eror}}}}} # line 1"
            + " # columns.replace of error names eror # mean error?",
        "datasources: {all: {annotations: {cli.supported-output-modes: 'columns,json',"
            + " cli.default-output-mode: jsn}}} # line 1 # default-output-mode of all is jsn"
            + " # mean json?",
        "annotations: [1, 2] # line 1 column 14 # everything/gadget.yaml # mapping",
        "description: [a] # line 1 column 14 # single value # everything",
        "description: {a: b # line 1 # everything/gadget.yaml # reading",
        "description: 'a\tb # line 1 # everything/gadget.yaml # reading",
        "{name: x, name: y} # line 1 column 11 # everything/gadget.yaml # name",
      })
  void namesThePlaceInGadgetYaml(String yaml, String first, String second, String third) {
    assertRefused("everything", yaml, first.strip(), second.strip(), third.strip());
  }

  @Test
  void refusesTwoFieldsOfOneName() {
    String yaml =
        "datasources: {all: {fields: {asked: {annotations: {formatters.errno.target: text}}}}}";
    assertRefused("everything", yaml, "two fields are called text");
  }

  @Test
  void refusesASeparatorThatCannotBeWrittenDown() {
    String yaml =
        "datasources: {all: {fields: {traits_raw: {annotations:"
            + " {ebpf.formatter.bitfield.separator: ':'}}}}}";
    assertRefused("everything", yaml, "traits_raw", "colon");
  }

  @Test
  void listsMissingFieldsWhereAPartDoesNotRunHere() {
    GadgetSpec gadget =
        GadgetReader.readPartly(
            "everything",
            TestObjects.bytes("everything"),
            "datasources: {all: {fields: {made: {}, error: {}, later: {}}}}",
            NOWHERE);
    assertThat(gadget.sources().getFirst().source().annotation("missing-fields"))
        .isEqualTo("made,later");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\177ELF", "no object at all", "{\"json\": true}"})
  void refusesWhatIsNoObject(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> GadgetReader.read("mine", bytes, null, NOWHERE))
        .isInstanceOf(GadgetException.class)
        .hasMessageContaining("reading the gadget mine");
  }

  @Test
  void refusesYamlThatIsNestedTooDeeply() {
    assertRefused("everything", "[".repeat(100_000), "nested");
    assertRefused("everything", "a: &a [*a, *a]\ndescription: *a", "line");
  }

  @Test
  void mutatedYamlIsReadOrRefused() {
    Random random = new Random(5);
    byte[] object = TestObjects.bytes("everything");
    String whole =
        """
        description: 'x'
        datasources:
          all: {annotations: {a: b}, fields: {error: {}}}
        params:
          ebpf:
            failed: {key: f, possibleValues: [a, b]}
        hooks: {x: [walk]}
        """;
    String pieces = "{}[]:,&*!|>'\"%@`#?- \n\t\u0000\u00e9\ud83dabc<";
    int refused = 0;
    for (int round = 0; round < 3_000; round++) {
      StringBuilder yaml = new StringBuilder(whole);
      for (int i = random.nextInt(4); i >= 0; i--) {
        char piece = pieces.charAt(random.nextInt(pieces.length()));
        yaml.setCharAt(random.nextInt(yaml.length()), piece);
      }
      try {
        GadgetReader.read("fuzz", object, yaml.toString(), NOWHERE);
      } catch (GadgetException e) {
        assertThat(e).hasMessageStartingWith("reading");
        refused++;
      }
    }
    assertThat(refused).isBetween(1_000, 2_999);
  }

  @Test
  void anObjectCutOffAnywhereIsRefused() {
    byte[] whole = TestObjects.bytes("everything");
    for (int length = 0; length < whole.length; length += 61) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> GadgetReader.read("cut", part, null, NOWHERE))
          .isInstanceOf(GadgetException.class);
    }
  }

  @Test
  void mutatedObjectsAreReadOrRefusedButNeverBreakTheReader() {
    Random random = new Random(20261124);
    byte[] whole = TestObjects.bytes("everything");
    int refused = 0;
    for (int round = 0; round < 3_000; round++) {
      byte[] mutated = whole.clone();
      for (int i = 0; i <= random.nextInt(12); i++) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(GadgetReader.read("fuzz", mutated, null, NOWHERE).sources()).isNotEmpty();
      } catch (GadgetException e) {
        assertThat(e).hasMessageStartingWith("reading");
        refused++;
      }
    }
    assertThat(refused).isPositive().isLessThan(3_000);
  }
}
