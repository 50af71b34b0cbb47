// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.run;

import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.gadget.GadgetSpec;
import java.util.Map;

/**
 * A wish to run a gadget.
 *
 * @param gadget what to run, and where its object is
 * @param parameters values by the parameter's key as the user wrote them; absent means default;
 *     unmodifiable
 * @param selector the containers to trace
 * @param limits how long and how much
 */
public record RunRequest(
    GadgetSpec gadget,
    Map<String, String> parameters,
    ContainerSelector selector,
    RunLimits limits) {

  public RunRequest {
    parameters = Map.copyOf(parameters);
  }
}
