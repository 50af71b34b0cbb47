// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.testing;

import io.inspektorgadget.kernel.bpf.KernelFeature;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Skips a test whose {@link Needs} the running kernel does not meet. */
final class NeedsCondition implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getElement(), Needs.class)
        .map(NeedsCondition::evaluate)
        .orElseGet(() -> ConditionEvaluationResult.enabled("it needs nothing"));
  }

  private static ConditionEvaluationResult evaluate(Needs needs) {
    for (KernelFeature feature : needs.value()) {
      String reason = KernelNeed.of(feature).missing();
      if (!reason.isEmpty()) {
        return ConditionEvaluationResult.disabled(reason);
      }
    }
    return ConditionEvaluationResult.enabled("the kernel has what it needs");
  }
}
