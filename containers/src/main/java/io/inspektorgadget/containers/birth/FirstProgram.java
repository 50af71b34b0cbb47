// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.birth;

import io.inspektorgadget.containers.identity.JsonFile;
import io.inspektorgadget.containers.identity.MountView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds the file that a container's first process will execute, as its runtime does. */
final class FirstProgram {
  private static final String PATH_VARIABLE = "PATH=";
  private static final String USUAL_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private FirstProgram() {}

  /**
   * The program, found in the container's root directory; what is mounted over that is not looked
   * at. A path where nothing is if there is none.
   *
   * @param root the root directory as this process finds it
   * @param config the bundle's {@code config.json}
   */
  static Path find(Path root, JsonFile config) {
    MountView view = new MountView(root, 0);
    List<String> words = config.list("process", "args");
    String program = words.isEmpty() ? "" : words.getFirst();
    if (program.startsWith("/")) {
      return view.resolve(program);
    }
    if (program.contains("/")) {
      return view.resolve("/" + config.text("process", "cwd") + "/" + program);
    }
    for (String folder : searchPath(config).split(":", -1)) {
      Path candidate = view.resolve("/" + folder + "/" + program);
      if (Files.isRegularFile(candidate)) {
        return candidate;
      }
    }
    return root.resolve(program);
  }

  private static String searchPath(JsonFile config) {
    for (String variable : config.list("process", "env")) {
      if (variable.startsWith(PATH_VARIABLE)) {
        return variable.substring(PATH_VARIABLE.length());
      }
    }
    return USUAL_PATH;
  }
}
