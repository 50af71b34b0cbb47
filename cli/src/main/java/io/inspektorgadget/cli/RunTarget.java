// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli;

import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.cli.flag.StandardFlags;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which word behind {@code run} is the gadget. Its flags are known only after it has been found, so
 * words are looked at in order: the first that is in the catalog or a file, else the first at all.
 *
 * @param name the word
 * @param isFile true if there is such a file or directory
 * @param args all other arguments, in order
 */
record RunTarget(String name, boolean isFile, List<String> args) {

  /**
   * The target, or null if there is no word.
   *
   * @param targetFlags the program's own flags of gadgets
   */
  static @Nullable RunTarget of(List<String> args, CommandNames names, List<Flag> targetFlags) {
    int chosen = -1;
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      if (arg.startsWith("-")) {
        i += takesNext(arg, targetFlags) ? 1 : 0;
        continue;
      }
      if (names.find(arg) != null || exists(arg)) {
        return at(args, i);
      }
      chosen = chosen < 0 ? i : chosen;
    }
    return chosen < 0 ? null : at(args, chosen);
  }

  private static RunTarget at(List<String> args, int index) {
    List<String> others = new ArrayList<>(args);
    String name = others.remove(index);
    boolean looksLikeFile = name.indexOf('/') >= 0 || name.endsWith(".o");
    return new RunTarget(name, looksLikeFile || exists(name), others);
  }

  /** True if the argument is a flag of every gadget whose value is the next argument. */
  private static boolean takesNext(String arg, List<Flag> targetFlags) {
    List<Flag> flags = new ArrayList<>(targetFlags);
    flags.addAll(StandardFlags.output());
    flags.addAll(StandardFlags.run());
    for (Flag flag : flags) {
      if (flag.isNamed(arg)) {
        return !flag.isSwitch();
      }
    }
    return false;
  }

  private static boolean exists(String name) {
    try {
      return Files.exists(Path.of(name));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
