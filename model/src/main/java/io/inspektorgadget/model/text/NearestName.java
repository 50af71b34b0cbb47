// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.text;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the name that somebody most likely meant. */
public final class NearestName {
  private NearestName() {}

  /**
   * The known name that is nearest to a mistyped one, or null if none is near enough to be
   * suggested. Case does not count; nor does what stands before the last dot if the known name ends
   * in exactly what was typed. Of two equally near names the first wins.
   *
   * @param wrong what was typed
   * @param known the names that exist
   */
  public static @Nullable String of(String wrong, Collection<String> known) {
    String typed = wrong.toLowerCase(Locale.ROOT);
    String nearest = null;
    int nearestDistance = Math.max(1, typed.length() / 3) + 1;
    for (String name : known) {
      String candidate = name.toLowerCase(Locale.ROOT);
      int distance = candidate.endsWith("." + typed) ? 0 : distance(typed, candidate);
      if (distance < nearestDistance && distance < Math.max(typed.length(), candidate.length())) {
        nearest = name;
        nearestDistance = distance;
      }
    }
    return nearest;
  }

  /**
   * A sentence to end an error with: {@code "; did you mean NAME?"} or the empty string if no known
   * name is near.
   */
  public static String suggestion(String wrong, Collection<String> known) {
    String nearest = of(wrong, known);
    return nearest == null ? "" : "; did you mean " + nearest + "?";
  }

  /**
   * Insertions, deletions, replacements and swaps of neighbours that lead from one to the other.
   */
  private static int distance(String from, String to) {
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      cost[i][0] = i;
    }
    for (int j = 0; j <= to.length(); j++) {
      cost[0][j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      for (int j = 1; j <= to.length(); j++) {
        char a = from.charAt(i - 1);
        char b = to.charAt(j - 1);
        int best = Math.min(cost[i - 1][j], cost[i][j - 1]) + 1;
        best = Math.min(best, cost[i - 1][j - 1] + (a == b ? 0 : 1));
        if (i > 1 && j > 1 && a == to.charAt(j - 2) && b == from.charAt(i - 2)) {
          best = Math.min(best, cost[i - 2][j - 2] + 1);
        }
        cost[i][j] = best;
      }
    }
    return cost[from.length()][to.length()];
  }
}
