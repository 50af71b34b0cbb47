// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The definition that the build makes, and what resources look like on the wire. */
final class TraceDefinitionTest {
  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  private static CustomResourceDefinition definition() throws IOException {
    try (InputStream file =
        Trace.class.getClassLoader().getResourceAsStream(Trace.DEFINITION_RESOURCE)) {
      if (file == null) {
        throw new IllegalStateException("the build left out " + Trace.DEFINITION_RESOURCE);
      }
      return SERIALIZATION.unmarshal(file, CustomResourceDefinition.class);
    }
  }

  @Test
  void namesAreThoseThatClustersKnow() throws IOException {
    CustomResourceDefinition definition = definition();
    assertThat(definition.getMetadata().getName()).isEqualTo("traces.gadget.kinvolk.io");
    assertThat(definition.getSpec().getGroup()).isEqualTo("gadget.kinvolk.io");
    assertThat(definition.getSpec().getScope()).isEqualTo("Namespaced");
    assertThat(definition.getSpec().getNames().getKind()).isEqualTo("Trace");
    assertThat(definition.getSpec().getNames().getPlural()).isEqualTo("traces");
    assertThat(definition.getSpec().getVersions()).hasSize(1);
    CustomResourceDefinitionVersion version = definition.getSpec().getVersions().getFirst();
    assertThat(version.getName()).isEqualTo("v1alpha1");
    assertThat(version.getServed()).isTrue();
    assertThat(version.getStorage()).isTrue();
    assertThat(version.getSubresources().getStatus()).isNotNull();
    assertThat(version.getAdditionalPrinterColumns())
        .extracting(column -> column.getJsonPath())
        .contains(".spec.node", ".spec.gadget", ".status.state", ".metadata.creationTimestamp");
  }

  @Test
  void theSchemaHasAllFieldsAndNoOthers() throws IOException {
    JSONSchemaProps schema =
        definition().getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
    Map<String, String> types = new TreeMap<>();
    collect("", schema, types);
    assertThat(types)
        .isEqualTo(
            new TreeMap<>(
                Map.ofEntries(
                    Map.entry("spec", "object"),
                    Map.entry("spec.node", "string"),
                    Map.entry("spec.gadget", "string"),
                    Map.entry("spec.runMode", "string[Auto, Manual]"),
                    Map.entry("spec.filter", "object"),
                    Map.entry("spec.filter.namespace", "string"),
                    Map.entry("spec.filter.podname", "string"),
                    Map.entry("spec.filter.labels", "map of string"),
                    Map.entry("spec.filter.containerName", "string"),
                    Map.entry("spec.outputMode", "string[ExternalResource, File, Status, Stream]"),
                    Map.entry("spec.output", "string"),
                    Map.entry("spec.parameters", "map of string"),
                    Map.entry("status", "object"),
                    Map.entry("status.state", "string[Completed, Started, Stopped]"),
                    Map.entry("status.output", "string"),
                    Map.entry("status.operationError", "string"),
                    Map.entry("status.operationWarning", "string"))));
  }

  private static void collect(String prefix, JSONSchemaProps schema, Map<String, String> types) {
    assertThat(schema.getRequired()).as(prefix).isNullOrEmpty();
    if (schema.getProperties() == null) {
      return;
    }
    schema
        .getProperties()
        .forEach((name, property) -> {
          String type = property.getType();
          if (property.getAdditionalProperties() != null) {
            type = "map of " + property.getAdditionalProperties().getSchema().getType();
          } else if (property.getEnum() != null && !property.getEnum().isEmpty()) {
            type += property.getEnum().stream().map(value -> value.asString()).toList();
          }
          types.put(prefix + name, type);
          collect(prefix + name + ".", property, types);
        });
  }

  @Test
  void aManifestIsReadAndWrittenWithoutLoss() {
    String manifest =
        """
        {"apiVersion":"gadget.kinvolk.io/v1alpha1","kind":"Trace",
         "metadata":{"name":"t","namespace":"gadget",
           "annotations":{"gadget.kinvolk.io/operation":"start"}},
         "spec":{"node":"n","gadget":"execsnoop","runMode":"Manual","outputMode":"Stream",
           "filter":{"namespace":"default","labels":{"a":"b"}},"parameters":{"paths":"true"}},
         "status":{"state":"Started"}}
        """;
    Trace trace = SERIALIZATION.unmarshal(manifest, Trace.class);
    assertThat(trace.operation()).isEqualTo("start");
    assertThat(trace.tracerId()).isEqualTo("trace_gadget_t");
    assertThat(trace.wish().runMode()).isEqualTo(RunMode.MANUAL);
    assertThat(trace.wish().outputMode()).isEqualTo(TraceOutputMode.STREAM);
    assertThat(trace.wish().filter())
        .isEqualTo(new TraceFilter("default", "", Map.of("a", "b"), ""));
    assertThat(trace.outcome().state()).isEqualTo(TraceState.STARTED);
    assertThat(tree(SERIALIZATION.asJson(trace))).isEqualTo(tree(manifest));
  }

  private static Object tree(String json) {
    return SERIALIZATION.unmarshal(json, Map.class);
  }
}
