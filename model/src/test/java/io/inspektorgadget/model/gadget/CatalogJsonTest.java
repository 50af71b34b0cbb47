// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.gadget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.model.schema.DataSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogJsonTest {
  private static byte[] write(Catalog catalog) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CatalogJson.write(catalog, out);
    return out.toByteArray();
  }

  private static Catalog read(byte[] json) {
    return CatalogJson.read(new ByteArrayInputStream(json));
  }

  private static Catalog read(String json) {
    return read(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    for (long seed = 0; seed < 500; seed++) {
      Catalog catalog = new RandomCatalog(seed).catalog();
      byte[] json = write(catalog);
      Catalog again = read(json);
      assertThat(again.gadgets()).hasSameSizeAs(catalog.gadgets());
      for (int i = 0; i < catalog.gadgets().size(); i++) {
        assertEqual(again.gadgets().get(i), catalog.gadgets().get(i));
      }
      assertThat(write(again)).isEqualTo(json);
    }
  }

  /** Schemas have no equality of their own: their fields are compared. */
  private static void assertEqual(GadgetSpec actual, GadgetSpec expected) {
    assertThat(actual.name()).isEqualTo(expected.name());
    assertThat(actual.description()).isEqualTo(expected.description());
    assertThat(actual.object()).isEqualTo(expected.object());
    assertThat(actual.parameters()).isEqualTo(expected.parameters());
    assertThat(actual.hooks()).isEqualTo(expected.hooks());
    assertThat(actual.annotations()).isEqualTo(expected.annotations());
    assertThat(actual.sources())
        .extracting(GadgetSpec.SourceSpec::feed)
        .isEqualTo(expected.sources().stream().map(GadgetSpec.SourceSpec::feed).toList());
    for (int i = 0; i < expected.sources().size(); i++) {
      DataSource one = actual.sources().get(i).source();
      DataSource other = expected.sources().get(i).source();
      assertThat(one.name()).isEqualTo(other.name());
      assertThat(one.kind()).isEqualTo(other.kind());
      assertThat(one.annotations()).isEqualTo(other.annotations());
      assertThat(one.schema().fields()).isEqualTo(other.schema().fields());
    }
  }

  @Test
  void readsOnlyWhatIsWanted() throws IOException {
    for (long seed = 0; seed < 100; seed++) {
      Catalog catalog = new RandomCatalog(seed).catalog();
      byte[] json = write(catalog);
      for (GadgetSpec gadget : catalog.gadgets()) {
        Catalog only =
            CatalogJson.readOnly(
                new ByteArrayInputStream(json), head -> head.name().equals(gadget.name()));
        assertThat(only.gadgets()).hasSize(1);
        assertEqual(only.gadgets().getFirst(), gadget);
      }
    }
  }

  @Test
  void passesOverWhatItDoesNotKnow() {
    Catalog catalog =
        read(
            """
            {"version": 9, "future": {"a": [1, {"b": 2}]},
             "gadgets": [{"name": "trace_x", "colour": [1], "sources": [], "resource": "x.o"}]}
            """);
    assertThat(catalog.gadgets()).extracting(GadgetSpec::name).containsExactly("trace_x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "nonsense",
        "{\"gadgets\": {}}",
        "{\"gadgets\": [{\"name\": 5}]}",
        "{\"gadgets\": [{\"name\": \"x\"",
        "{\"gadgets\": [{\"parameters\": [{\"kind\": \"NO_KIND\"}]}]}",
        "{\"gadgets\": [{\"parameters\": [{\"sizeBytes\": \"big\"}]}]}",
        "{\"gadgets\": [{\"sources\": [{\"mapLayout\": [1, 2]}]}]}",
        "{\"gadgets\": [{\"sources\": [{\"mapLayout\": [1, 2, 3, 4]}]}]}",
      })
  void refusesWhatIsNoCatalog(String json) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(GadgetException.class)
        .hasMessageStartingWith("reading the catalog of gadgets: ");
  }

  @Test
  void mutatedCatalogsAreReadOrRefused() throws IOException {
    Random random = new Random(11);
    byte[] whole = write(new RandomCatalog(3).catalog());
    int refused = 0;
    for (int round = 0; round < 5_000; round++) {
      byte[] mutated = Arrays.copyOf(whole, whole.length - random.nextInt(2) * random.nextInt(50));
      for (int i = random.nextInt(4); i >= 0; i--) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(128);
      }
      try {
        assertThat(read(mutated).gadgets()).isNotNull();
      } catch (GadgetException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(500, 4_999);
  }
}
