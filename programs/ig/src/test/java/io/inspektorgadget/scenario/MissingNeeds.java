// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.scenario;

import io.inspektorgadget.kernel.bpf.KernelFeature;
import io.inspektorgadget.testing.KernelNeed;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * Prints what this kernel lacks of all features and of what scenarios need, separated by commas:
 * the value of {@code ig.test.lacking} for guests that run the tests which cannot run here.
 */
final class MissingNeeds {
  private MissingNeeds() {}

  public static void main(String[] arguments) throws IOException {
    TreeSet<String> missing = new TreeSet<>();
    for (KernelNeed need : Arrays.stream(KernelFeature.values()).map(KernelNeed::of).toList()) {
      addIfMissing(need, missing);
    }
    for (GadgetScenarios gadget : GadgetScenarios.all()) {
      for (Scenario scenario : gadget.scenarios()) {
        scenario.needs().forEach(need -> addIfMissing(need, missing));
      }
    }
    System.out.println(String.join(",", missing));
  }

  private static void addIfMissing(KernelNeed need, Set<String> missing) {
    if (!need.missing().isEmpty()) {
      missing.add(need.text());
    }
  }
}
