// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The program as users start it, where it needs no cluster. */
@Tag("cli")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class KubectlGadgetProgramTest {
  private static final Pattern FLAG = Pattern.compile("^ {2}(?:(-.), | {4})(--[a-z-]+)( [A-Z].*)?");
  private static final Pattern FIELD = Pattern.compile("^ {2}[* ] ([a-z]\\S*)( \\(.*\\))? *(.*)");
  private static final Set<String> OF_HOSTS =
      Set.of(
          "--runtimes",
          "--image",
          "--host",
          "--runtime-path",
          "--containerd-socket",
          "--cri-socket",
          "--docker-socket",
          "--podman-socket");
  private static final Set<String> OF_CLUSTERS =
      Set.of("--all-namespaces", "--node", "--kubeconfig", "--context", "--request-timeout");

  @BeforeAll
  void start() throws Exception {
    // The first start after a build is trained, and says so.
    KubectlGadget.run("--version").close();
  }

  private static List<String> gadgets() throws Exception {
    return KubectlGadget.printed("ig", "list-gadgets")
        .lines()
        .filter(line -> line.matches(" {2}[a-z].*"))
        .map(line -> line.strip().split(" {2,}", -1)[0])
        .toList();
  }

  private static String help(String program, String gadget) throws Exception {
    String[] words = gadget.split(" ", -1);
    return KubectlGadget.printed(program, words[0], words[1], "--help");
  }

  /** Name to letter and value. */
  private static Map<String, String> flags(String help) {
    Map<String, String> flags = new TreeMap<>();
    help.lines()
        .map(FLAG::matcher)
        .filter(Matcher::find)
        .forEach(flag -> {
          String value = flag.group(3) == null ? "" : flag.group(3).strip().split(" {2}", -1)[0];
          flags.put(flag.group(2), flag.group(1) + " " + value);
        });
    return flags;
  }

  private static Set<String> fields(String help) {
    Set<String> fields = new TreeSet<>();
    help.lines()
        .dropWhile(line -> !line.startsWith("Fields"))
        .map(FIELD::matcher)
        .filter(Matcher::find)
        .forEach(field -> fields.add(field.group(1)));
    return fields;
  }

  @ParameterizedTest
  @MethodSource("gadgets")
  void aGadgetHasTheFlagsAndFieldsOfIgAndThoseOfACluster(String gadget) throws Exception {
    String host = help("ig", gadget);
    String cluster = help("kubectl-gadget", gadget);
    Map<String, String> expected = flags(host);
    assertThat(expected.keySet()).containsAll(OF_HOSTS).contains("--output", "--timeout");
    expected.keySet().removeAll(OF_HOSTS);
    Map<String, String> seen = flags(cluster);
    assertThat(seen.keySet()).containsAll(OF_CLUSTERS);
    assertThat(seen)
        .containsEntry("--namespace", "-n LIST")
        .containsEntry("--all-namespaces", "-A ")
        .containsEntry("--podname", "-p LIST")
        .containsEntry("--containername", "-c LIST")
        .containsKey("--selector");
    seen.keySet().removeAll(OF_CLUSTERS);
    assertThat(seen).isEqualTo(expected);
    Set<String> expectedFields = fields(host);
    assertThat(expectedFields).hasSizeGreaterThan(3);
    expectedFields.add("k8s.node");
    assertThat(fields(cluster)).isEqualTo(expectedFields);
  }

  @Test
  void theCatalogIsThatOfIg() throws Exception {
    assertThat(gadgets()).contains("trace exec", "profile cpu").hasSizeGreaterThanOrEqualTo(7);
    assertThat(KubectlGadget.printed("kubectl-gadget", "list-gadgets"))
        .isEqualTo(KubectlGadget.printed("ig", "list-gadgets"));
  }

  @Test
  void printedManifestsAreTheReleasedOnes(@TempDir Path folder) throws Exception {
    Path released = folder.resolve("inspektor-gadget.yaml");
    KubectlGadget.printed("build/manifests", released.toString());
    assertThat(KubectlGadget.printed("kubectl-gadget", "deploy", "--print-only") + "\n")
        .isEqualTo(Files.readString(released));
    KubectlGadget.printed("build/manifests", released.toString(), "registry.example/ig:2", "Never");
    assertThat(
            KubectlGadget.printed(
                    "kubectl-gadget",
                    "deploy",
                    "--print-only",
                    "--image",
                    "registry.example/ig:2",
                    "--image-pull-policy",
                    "Never")
                + "\n")
        .isEqualTo(Files.readString(released));
  }

  @Test
  void withoutAClusterItSaysHowToNameOne(@TempDir Path folder) throws Exception {
    Map<String, String> bare = Map.of("HOME", folder.toString(), "KUBECONFIG", "", "IG_AOT", "off");
    String usual = folder.resolve(".kube/config").toString();
    for (String command : List.of("trace exec", "deploy", "undeploy", "list-containers")) {
      assertThat(KubectlGadget.refusal(bare, command.split(" ", -1)))
          .isEqualTo(
              "finding the cluster: there is no kubeconfig ("
                  + usual
                  + "); name one with --kubeconfig or KUBECONFIG");
    }
    Path file = Files.writeString(folder.resolve("config"), "no: [kubeconfig");
    String broken = "reading the kubeconfig " + file + ": it is none (";
    assertThat(KubectlGadget.refusal("trace", "exec", "--kubeconfig", file.toString()))
        .startsWith(broken);
    assertThat(KubectlGadget.refusal(Map.of("KUBECONFIG", file.toString()), "deploy"))
        .startsWith(broken);
  }

  @Test
  void aClusterThatDoesNotAnswerIsNamedByEveryCommand(@TempDir Path folder) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("config"),
            """
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]
            users: [{name: u, user: {token: t}}]
            """);
    Map<String, String> commands =
        Map.of(
            "trace exec", "listing the gadget pods",
            "deploy", "applying Namespace/gadget",
            "undeploy", "looking for CustomResourceDefinition/traces.gadget.kinvolk.io",
            "list-containers", "listing the gadget pods");
    for (Map.Entry<String, String> each : commands.entrySet()) {
      assertThat(
              KubectlGadget.refusal(
                  Map.of("KUBECONFIG", file.toString()), each.getKey().split(" ", -1)))
          .isEqualTo(
              each.getValue()
                  + ": nobody answers at https://127.0.0.1:1/ (is the cluster up, and the"
                  + " kubeconfig the right one?)");
    }
  }

  /** What kubectl runs for a Tab behind {@code kubectl gadget}, by a link in a folder of PATH. */
  @Test
  void kubectlIsToldHowACommandLineGoesOn(@TempDir Path folder) throws Exception {
    for (String name : List.of("kubectl-gadget", "kubectl_complete-gadget")) {
      Files.createSymbolicLink(folder.resolve(name), Path.of(KubectlGadget.file(name)));
    }
    Map<String, List<String>> answers =
        Map.of(
            "trace,", List.of("exec", "open", "signal", ":4"),
            "undep", List.of("undeploy", ":4"),
            "trace,exec,--all", List.of("--all-namespaces", ":4"),
            "deploy,--image-pull-policy,", List.of("Always", "IfNotPresent", "Never", ":4"),
            "trace,exec,--kubeconfig,", List.of(":0"));
    for (Map.Entry<String, List<String>> each : answers.entrySet()) {
      try (KubectlGadget answer =
          KubectlGadget.run(
              Map.of(),
              folder.resolve("kubectl_complete-gadget").toString(),
              each.getKey().split(",", -1))) {
        assertThat(answer.status()).as("%s", answer.err()).isZero();
        assertThat(answer.out().stream().map(line -> line.split("\t", -1)[0]))
            .as(each.getKey())
            .isEqualTo(each.getValue());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void everyShellHasItsScript(String shell) throws Exception {
    assertThat(KubectlGadget.printed("kubectl-gadget", "completion", shell))
        .contains("kubectl-gadget", "undeploy", "list-containers", "all-namespaces");
  }

  private static List<String> shells() {
    return Arrays.asList("bash", "zsh", "fish");
  }
}
