// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import io.inspektorgadget.cli.flag.ContainerFlags;
import io.inspektorgadget.containers.CollectionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How new containers are noticed, by the environment and by those words of the command line that
 * matter before it is parsed, because the collection starts before that.
 */
final class CollectionChoice {
  /** Which mechanisms notice new containers: {@code lineage}, {@code held} or {@code both}. */
  static final String VARIABLE = "IG_BIRTHS";

  private CollectionChoice() {}

  /**
   * The choice.
   *
   * @param warnings told if the variable has a value that means nothing
   */
  static CollectionOptions of(
      Map<String, String> environment, List<String> words, Consumer<String> warnings) {
    CollectionOptions options = CollectionOptions.DEFAULTS.withRuntimePaths(runtimePaths(words));
    String births = environment.getOrDefault(VARIABLE, "");
    return switch (births) {
      case "" -> options;
      case "both" -> options.withMechanisms(true, true);
      case "lineage" -> options.withMechanisms(true, false);
      case "held" -> options.withMechanisms(false, true);
      default -> {
        warnings.accept(
            "reading " + VARIABLE + ": \"" + births + "\" is none of both, lineage, held");
        yield options;
      }
    };
  }

  private static List<String> runtimePaths(List<String> words) {
    String flag = ContainerFlags.RUNTIME_PATHS.name();
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String value = "";
      if (word.startsWith(flag + "=")) {
        value = word.substring(flag.length() + 1);
      } else if (word.equals(flag) && i + 1 < words.size()) {
        value = words.get(i + 1);
      }
      for (String path : value.split(",", -1)) {
        if (path.startsWith("/")) {
          paths.add(path);
        }
      }
    }
    return paths;
  }
}
