// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.gadget;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.model.gadget.GadgetSpec.Feed;
import io.inspektorgadget.model.gadget.GadgetSpec.ObjectLocation;
import io.inspektorgadget.model.gadget.GadgetSpec.SourceSpec;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.EventSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GadgetSpecTest {
  private static final Feed RING = new Feed.Ring("events");
  private static final Feed MAP = new Feed.MapEntries("counts", 8, 8, 8);
  private static final Feed ITERATORS = new Feed.Iterators(List.of("tasks"), 16);

  /** A gadget whose name says nothing of what it is. */
  private static GadgetSpec fedBy(Feed... feeds) {
    List<SourceSpec> sources =
        Arrays.stream(feeds)
            .map(feed ->
                new SourceSpec(
                    new DataSource(
                        "s", DataSource.Kind.STREAM, new EventSchema(List.of()), Map.of()),
                    feed))
            .toList();
    return new GadgetSpec(
        "snapshot_x", "", new ObjectLocation.Resource("x"), List.of(), sources, Map.of(), Map.of());
  }

  @Test
  void onlyIteratorsFollowNoEvents() {
    assertThat(fedBy(ITERATORS, ITERATORS).followsEvents()).isFalse();
    assertThat(fedBy(ITERATORS, RING).followsEvents()).isTrue();
    assertThat(fedBy(MAP).followsEvents()).isTrue();
    assertThat(fedBy(RING).followsEvents()).isTrue();
  }
}
