// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.tracers.event.RecordView;
import org.jspecify.annotations.Nullable;

/**
 * Which container a record belongs to, and whether the run wants it. The kernel has dropped what is
 * in no container that the run knows; what comes from a container that is just being born is
 * decided here. Single thread: the run's event loop.
 */
final class Membership {
  /** What is to be done with a record. */
  enum Verdict {
    KEEP,
    DROP,
    /** Its container is not identified yet; ask again soon. */
    WAIT
  }

  private final CollectionPromise promise;
  private final ContainerSelector selector;
  private final long hostMountNs;
  private final int mountNs;
  private final int mountNsUniqueId;
  private final int netNs;
  private @Nullable ContainerCollection containers;
  private @Nullable ContainerInfo lastContainer;
  private boolean lastWanted;

  /**
   * A judge over records of one schema.
   *
   * @param containers who the containers are; records that need to know wait until it is ready
   * @param hostMountNs the host's own mount namespace, which no container has; 0 if unknown
   */
  Membership(
      CollectionPromise containers,
      ContainerSelector selector,
      EventSchema schema,
      long hostMountNs) {
    this.hostMountNs = hostMountNs;
    this.promise = containers;
    this.selector = selector;
    this.mountNs = index(schema.fieldBySemantics("gadget_mntns_id"));
    this.mountNsUniqueId = index(schema.fieldBySemantics("gadget_mntns_unique_id"));
    this.netNs = index(schema.fieldBySemantics("gadget_netns_id"));
  }

  private static int index(@Nullable FieldSpec field) {
    return field == null ? -1 : field.index();
  }

  /** Names the record's container in the view and says what to do with it. */
  Verdict judge(RecordView view) {
    if (mountNs < 0 && netNs < 0) {
      return Verdict.KEEP;
    }
    // Most events of a host are of no container: they must not cost a question to the kernel.
    if (selector.host() && mountNs >= 0 && view.longAt(mountNs) == hostMountNs) {
      view.assign(null);
      return Verdict.KEEP;
    }
    ContainerCollection known = known();
    if (known == null) {
      return Verdict.WAIT;
    }
    ContainerInfo container = container(known, view);
    view.assign(container);
    if (container != null) {
      return selector.host() || wanted(container) ? Verdict.KEEP : Verdict.DROP;
    }
    if (!selector.host()) {
      // It passed the kernel's filter, so its container was known or announced a moment ago.
      return Verdict.WAIT;
    }
    if (mountNs >= 0 && known.isPending(view.longAt(mountNs))) {
      return Verdict.WAIT;
    }
    // A newborn is named before it is pending no more: it may have become known since the look.
    view.assign(container(known, view));
    return Verdict.KEEP;
  }

  /** What becomes of a record whose container will never be known. */
  enum Rest {
    KEEP,
    DROP,
    LOST
  }

  /** The last word about a record that waits for a container which nobody will name. */
  Rest rest(RecordView view) {
    if (selector.host()) {
      return Rest.KEEP;
    }
    ContainerCollection known = known();
    boolean isNobodys =
        known != null && mountNs >= 0 && known.isNoContainer(view.longAt(mountNs), uniqueId(view));
    return isNobodys ? Rest.DROP : Rest.LOST;
  }

  /**
   * The moment of System.nanoTime before which every container was born that is known now: a record
   * that was read before it and whose container is not known waits in vain.
   */
  long namedUntilNs() {
    ContainerCollection known = known();
    if (known == null) {
      return Long.MIN_VALUE;
    }
    // When nobody notices containers any more, there is nothing to wait for.
    return known.isServing() ? known.workedThroughNs() : System.nanoTime();
  }

  /** Asks for {@link #namedUntilNs} to go on; it does so on its own only while containers come. */
  void askOn() {
    ContainerCollection known = known();
    if (known != null) {
      known.askWorkedThrough();
    }
  }

  /** How often what is known of containers has changed; a verdict may be another one then. */
  long changes() {
    ContainerCollection known = known();
    return known == null ? -1 : known.changes();
  }

  /** False while nobody can say who the containers are: what waits then must not be given up. */
  boolean isAble() {
    return containers != null || promise.isReady();
  }

  /** Returns when somebody can say who the containers are; throws if nobody ever will. */
  void awaitAble() {
    containers = promise.get();
  }

  /** The collection; null while it starts. */
  private @Nullable ContainerCollection known() {
    if (containers == null && promise.isReady()) {
      containers = promise.get();
    }
    return containers;
  }

  private @Nullable ContainerInfo container(ContainerCollection known, RecordView view) {
    if (mountNs >= 0) {
      return known.byMountNs(view.longAt(mountNs), uniqueId(view));
    }
    return known.byNetNs(view.longAt(netNs));
  }

  private long uniqueId(RecordView view) {
    return mountNsUniqueId < 0 ? 0 : view.longAt(mountNsUniqueId);
  }

  @SuppressWarnings("ReferenceEquality") // another object is another container, or news of it
  private boolean wanted(ContainerInfo container) {
    // Events come in runs of the same container, so the last answer is nearly always the right one.
    if (container != lastContainer) {
      lastContainer = container;
      lastWanted = selector.matches(container);
    }
    return lastWanted;
  }
}
