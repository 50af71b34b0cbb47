// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.flag;

import io.inspektorgadget.model.container.ValueList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Demands on labels as kubectl's users write them, joined by commas: {@code app=web}, {@code
 * tier!=db}, {@code env in (prod,staging)}, {@code env notin (test)}, {@code app} (has one) and
 * {@code !app} (has none). A key that is given twice may have either value. Values may be globs.
 */
final class LabelSelector {
  private static final String KEY = "[\\w./-]+";
  private static final Pattern SET = Pattern.compile("(" + KEY + ")\\s+(in|notin)\\s*\\((.*)\\)");
  private static final Pattern EQUALITY =
      Pattern.compile("(" + KEY + ")\\s*(=|==|!=)\\s*([\\w.*?-]+)");
  private static final Pattern EXISTENCE = Pattern.compile("(!?)\\s*(" + KEY + ")");
  private static final String ANYTHING = "*";

  private final Map<String, List<String>> included = new LinkedHashMap<>();
  private final Map<String, List<String>> excluded = new LinkedHashMap<>();

  private LabelSelector() {}

  /**
   * Reads demands.
   *
   * @return what the labels of each key must be
   * @throws UsageException if one is none
   */
  static Map<String, ValueList> parse(String text) {
    LabelSelector selector = new LabelSelector();
    for (String demand : demands(text)) {
      selector.add(demand.strip());
    }
    Map<String, ValueList> values = new LinkedHashMap<>();
    selector.included.forEach((key, wanted) ->
        values.put(key, new ValueList(wanted, selector.excluded.getOrDefault(key, List.of()))));
    selector.excluded.forEach(
        (key, unwanted) -> values.putIfAbsent(key, new ValueList(List.of(), unwanted)));
    return values;
  }

  /** Splits at commas, but for those between brackets. */
  private static List<String> demands(String text) {
    List<String> demands = new ArrayList<>();
    int start = 0;
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '(' -> depth++;
        case ')' -> depth--;
        case ',' -> {
          if (depth == 0) {
            demands.add(text.substring(start, i));
            start = i + 1;
          }
        }
        default -> {
          // A part of the demand.
        }
      }
    }
    demands.add(text.substring(start));
    return demands;
  }

  private void add(String demand) {
    Matcher set = SET.matcher(demand);
    Matcher equality = EQUALITY.matcher(demand);
    Matcher existence = EXISTENCE.matcher(demand);
    if (set.matches()) {
      for (String value : set.group(3).split(",", -1)) {
        if (value.isBlank()) {
          throw refusal(demand);
        }
        note(set.group(2).equals("in") ? included : excluded, set.group(1), value.strip());
      }
    } else if (equality.matches()) {
      boolean excludes = equality.group(2).equals("!=");
      note(excludes ? excluded : included, equality.group(1), equality.group(3));
    } else if (existence.matches()) {
      note(existence.group(1).isEmpty() ? included : excluded, existence.group(2), ANYTHING);
    } else {
      throw refusal(demand);
    }
  }

  private static void note(Map<String, List<String>> to, String key, String value) {
    to.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
  }

  private static UsageException refusal(String demand) {
    return new UsageException(
        "reading --selector: \""
            + demand
            + "\" is no demand on a label; write app=web, tier!=db, 'env in (prod,test)' or app");
  }
}
