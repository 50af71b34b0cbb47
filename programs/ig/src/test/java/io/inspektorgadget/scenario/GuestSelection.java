// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.scenario;

import io.inspektorgadget.testing.KernelNeed;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of the tests a guest runs, since it is slow: what the host's kernel lacks something for, and
 * a little of everything else.
 *
 * @param lacking what the host's kernel has not, as {@link MissingNeeds} printed it
 */
record GuestSelection(Set<String> lacking) {
  /** Runs in every guest. */
  static final String EVERY_KERNEL = "every-kernel";

  private static final String LACKING = "ig.test.lacking";

  /** As the system property {@code ig.test.lacking} says; null where all tests run. */
  static @Nullable GuestSelection ofProperties() {
    String lacking = System.getProperty(LACKING);
    return lacking == null ? null : new GuestSelection(Set.copyOf(List.of(lacking.split(",", -1))));
  }

  /** True if the host cannot run a test with these needs. */
  boolean missesAny(List<KernelNeed> needs) {
    return needs.stream().anyMatch(need -> lacking.contains(need.text()));
  }

  /** Of a gadget's scenarios those that are meant for every kernel, or else the first. */
  List<Scenario> of(List<Scenario> scenarios) {
    boolean marked = scenarios.stream().anyMatch(Scenario::everyKernel);
    return scenarios.stream()
        .filter(scenario ->
            missesAny(scenario.needs())
                || (marked ? scenario.everyKernel() : scenario.equals(scenarios.getFirst())))
        .toList();
  }
}
