// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What probes answer in a process that has not a single capability. */
final class ProbeAnswers {
  private ProbeAnswers() {}

  /** Prints a line for each feature: its name, the kind of answer, the reason. */
  public static void main(String[] arguments) {
    for (KernelFeature feature : KernelFeature.values()) {
      ProbeResult result = feature.probe();
      String why =
          switch (result) {
            case ProbeResult.Supported supported -> "";
            case ProbeResult.Unsupported unsupported -> unsupported.why();
            case ProbeResult.Unknown unknown -> unknown.why();
          };
      System.out.println(feature + "\t" + result.getClass().getSimpleName() + "\t" + why);
    }
  }

  /** Runs {@link #main} with the rights of root's files and none of root's powers. */
  static Map<KernelFeature, ProbeResult> withoutCapabilities()
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("setpriv", "--inh-caps=-all", "--bounding-set=-all", "--"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ProbeAnswers.class.getName());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Map<KernelFeature, ProbeResult> answers = new EnumMap<>(KernelFeature.class);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    output
        .lines()
        .forEach(line -> {
          String[] words = line.split("\t", -1);
          answers.put(KernelFeature.valueOf(words[0]), answer(words[1], words[2]));
        });
    if (process.waitFor() != 0) {
      throw new IllegalStateException("probing without capabilities: " + output);
    }
    return answers;
  }

  private static ProbeResult answer(String kind, String why) {
    return switch (kind) {
      case "Supported" -> new ProbeResult.Supported();
      case "Unsupported" -> new ProbeResult.Unsupported(why);
      case "Unknown" -> new ProbeResult.Unknown(why);
      default -> throw new IllegalArgumentException(kind);
    };
  }
}
