// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.scenario;

import io.inspektorgadget.testing.KernelNeed;
import io.inspektorgadget.testing.Needs;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;

/** Leaves out, in a guest, the tests that the host has run. JUnit finds it by its service file. */
public final class GuestTestFilter implements PostDiscoveryFilter {
  private final boolean everything;
  private final GuestSelection selection;

  /** As the system properties say. */
  public GuestTestFilter() {
    GuestSelection chosen = GuestSelection.ofProperties();
    this.everything = chosen == null;
    this.selection = chosen == null ? new GuestSelection(Set.of()) : chosen;
  }

  @Override
  public FilterResult apply(TestDescriptor test) {
    return FilterResult.includedIf(
        everything
            || test.getTags().contains(TestTag.create(GuestSelection.EVERY_KERNEL))
            || selection.missesAny(needs(test)));
  }

  private static List<KernelNeed> needs(TestDescriptor test) {
    return test.getSource()
        .filter(MethodSource.class::isInstance)
        .map(source -> ((MethodSource) source).getJavaMethod())
        .flatMap(method -> AnnotationSupport.findAnnotation(method, Needs.class))
        .map(needs -> Arrays.stream(needs.value()).map(KernelNeed::of).toList())
        .orElse(List.of());
  }
}
