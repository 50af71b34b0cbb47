// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.filter;

import io.inspektorgadget.columns.field.FieldNames;
import io.inspektorgadget.columns.text.SafeText;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.text.NearestName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A filter on the events of one data source: terms that must all hold. Reads {@code
 * field==v,field!=v,field>=v,field>v,field<=v,field<v,field~regex,field!~regex} ({@code \,} is a
 * comma that separates nothing) and the older {@code column:rule} with the rules {@code value},
 * {@code !value}, {@code >=value} …, {@code ~regex}, {@code !~regex}.
 *
 * <p>Numbers compare as numbers; texts byte by byte, as they would be shown. An order on a
 * formatted number ({@code duration>5000}) compares the number behind it. A list holds if one of
 * its elements does. A value that is absent satisfies only {@code !=} and {@code !~}; an absent
 * text is the empty text.
 *
 * <p>Single thread: it reuses a buffer. Testing numbers and texts allocates nothing; regular
 * expressions allocate a string for each value.
 */
public final class EventFilter {
  private final TermTest[] tests;

  private EventFilter(TermTest[] tests) {
    this.tests = tests;
  }

  /**
   * Reads filters for a source; all of them must hold.
   *
   * @throws FilterException if one cannot be understood, names a field that the source lacks, or
   *     compares it with what it cannot be
   */
  public static EventFilter parse(List<String> filters, DataSource source) {
    EventFilter filter = parseLeniently(filters, List.of(source)).getFirst();
    return filter == null ? new EventFilter(new TermTest[0]) : filter;
  }

  /**
   * Reads filters for all sources of a gadget: a term holds for the sources that have its field,
   * and at least one must.
   *
   * @return for each source its filter, or null if no term concerns it
   * @throws FilterException as {@link #parse}
   */
  public static List<@Nullable EventFilter> parseLeniently(
      List<String> filters, List<DataSource> sources) {
    List<List<TermTest>> tests = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      tests.add(new ArrayList<>());
    }
    for (String filter : filters) {
      for (String text : split(filter)) {
        FilterTerm term = FilterTerm.parse(text);
        boolean known = false;
        for (int i = 0; i < sources.size(); i++) {
          FieldSpec field = FieldNames.find(sources.get(i).schema(), term.name());
          if (field != null) {
            known = true;
            tests.get(i).add(TermTest.of(term, field, sources.get(i).schema()));
          }
        }
        if (!known) {
          throw unknownField(term, sources);
        }
      }
    }
    List<@Nullable EventFilter> result = new ArrayList<>();
    for (List<TermTest> own : tests) {
      result.add(own.isEmpty() ? null : new EventFilter(own.toArray(new TermTest[0])));
    }
    return result;
  }

  /** True if all terms hold for the event. */
  public boolean test(EventView event) {
    for (TermTest test : tests) {
      if (!test.test(event)) {
        return false;
      }
    }
    return true;
  }

  private static FilterException unknownField(FilterTerm term, List<DataSource> sources) {
    List<String> names = new ArrayList<>();
    List<String> sourceNames = new ArrayList<>();
    for (DataSource source : sources) {
      names.addAll(FieldNames.all(source.schema()));
      sourceNames.add(source.name());
    }
    return term.problem(
        String.join(", ", sourceNames)
            + (sources.size() == 1 ? " has" : " have")
            + " no field \""
            + SafeText.of(term.name())
            + '"'
            + NearestName.suggestion(term.name(), names));
  }

  /** Separates terms at commas without a backslash before them, and takes those backslashes out. */
  private static List<String> split(String filter) {
    List<String> terms = new ArrayList<>();
    StringBuilder term = new StringBuilder();
    for (int i = 0; i < filter.length(); i++) {
      char c = filter.charAt(i);
      if (c == '\\' && i + 1 < filter.length() && filter.charAt(i + 1) == ',') {
        term.append(',');
        i++;
      } else if (c == ',') {
        terms.add(term.toString());
        term.setLength(0);
      } else {
        term.append(c);
      }
    }
    terms.add(term.toString());
    return terms;
  }
}
