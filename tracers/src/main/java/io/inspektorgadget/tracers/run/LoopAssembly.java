// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.containers.Subscription;
import io.inspektorgadget.kernel.bpf.BpfLink;
import io.inspektorgadget.kernel.bpf.BpfMap;
import io.inspektorgadget.kernel.bpf.BpfObject;
import io.inspektorgadget.kernel.bpf.RingBufferReader;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.kernel.io.Clock;
import io.inspektorgadget.kernel.io.Epoll;
import io.inspektorgadget.kernel.io.EventFd;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.event.LossReport.Stage;
import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.gadget.GadgetSpec.Feed;
import io.inspektorgadget.model.gadget.GadgetSpec.SourceSpec;
import io.inspektorgadget.model.run.RunRequest;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.tracers.event.BootClock;
import io.inspektorgadget.tracers.event.RecordView;
import io.inspektorgadget.tracers.format.FormatterFactory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts an event loop together: readers for what feeds the gadget's data sources, the filter map's
 * subscription to the containers, and at last the attached programs. Used once.
 */
final class LoopAssembly {
  private static final String CONTAINERS = "containers";
  private static final String READER_WAITS = "gadget_reader_waits";
  private static final String MAP_FULL = "gadget_map_full";
  private static final String LOST_SUFFIX = "_lost_samples";
  private static final String UNSUPPORTED = "unsupported";
  private static final String MISSING_FIELDS = "missing-fields";
  private static final String FETCH_INTERVAL = "fetch-interval";
  private static final String FETCH_COUNT = "fetch-count";
  private static final String FLUSH_ON_STOP = "ebpf.map.flush-on-stop";
  private static final String FETCH_ON_STOP = "ebpf.iter.fetch-on-stop";
  private static final String DEFAULT_OF = "paramDefaults.operator.oci.ebpf.map-";
  private static final long DEFAULT_INTERVAL_MS = 1_000;
  private static final long NS_PER_MS = 1_000_000;

  private final RunRequest request;
  private final LoadedGadget gadget;
  private final CollectionPromise containers;
  private final FormatterFactory formatters;
  private final long hostMountNs;
  private final BootClock clock = new BootClock(Clock::bootNs, Clock::wallNs);
  private final EventLoop.Work work =
      new EventLoop.Work(
          new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());

  LoopAssembly(
      RunRequest request,
      LoadedGadget gadget,
      CollectionPromise containers,
      HostFilesystem host,
      String nodeName) {
    this.request = request;
    this.gadget = gadget;
    this.containers = containers;
    this.hostMountNs = HostNamespace.inode(host);
    this.formatters = new FormatterFactory(gadget.object(), gadget.emptyMaps(), host, nodeName);
  }

  /** Builds the loop and attaches the programs. */
  EventLoop build(EventSink sink, CloserStack closers) {
    closers.add(formatters::close);
    Epoll epoll = Epoll.open();
    closers.add(epoll::close);
    EventFd wake = EventFd.open();
    closers.add(wake::close);
    epoll.add(wake.fd(), 0);
    ReadingReport progress = new ReadingReport(containers);
    closers.add(progress);
    awaitContainers();
    subscribe(wake, closers);
    String unsupported = gadget.spec().annotations().getOrDefault(UNSUPPORTED, "");
    if (!unsupported.isEmpty()) {
      sink.warning("running " + gadget.spec().name() + " without " + unsupported);
    }
    List<SnapshotWish> snapshots = new ArrayList<>();
    for (SourceSpec source : gadget.spec().sources()) {
      RecordPipeline pipeline = pipeline(source.source(), sink);
      sink.opened(source.source());
      warnOf(source.source(), sink);
      Feed feed = source.feed();
      if (feed instanceof Feed.Ring ring) {
        addRing(ring.mapName(), pipeline, epoll, closers);
      } else if (feed instanceof Feed.MapEntries entries) {
        addInterval(entries, pipeline);
      } else if (feed instanceof Feed.Iterators iterators) {
        snapshots.add(new SnapshotWish(iterators, pipeline));
      }
    }
    addLossMeters();
    gadget.attach();
    snapshots.forEach(this::addSnapshot);
    return new EventLoop(
        work,
        sink,
        clock,
        new EventLoop.Waiting(epoll, wake, request.limits().timeoutMs(), progress),
        gadget.spec().name());
  }

  /** Fields that a layer we do not run would have made. */
  private static void warnOf(DataSource source, EventSink sink) {
    String missing = source.annotation(MISSING_FIELDS);
    if (!missing.isEmpty()) {
      sink.warning(
          "reading "
              + source.name()
              + ": these fields of gadget.yaml are not in the program and stay away: "
              + missing);
    }
  }

  private record SnapshotWish(Feed.Iterators iterators, RecordPipeline pipeline) {}

  private RecordPipeline pipeline(DataSource source, EventSink sink) {
    RecordView view = new RecordView(source, formatters.forSchema(source.schema()), clock);
    Membership membership =
        new Membership(containers, request.selector(), source.schema(), hostMountNs);
    RecordPipeline pipeline = new RecordPipeline(view, membership, sink);
    work.pipelines().add(pipeline);
    return pipeline;
  }

  /**
   * Only streams of the whole host may start before the containers are known: a table is printed as
   * one, so all its rows must have their names by then.
   */
  private void awaitContainers() {
    boolean mayBeLate = request.selector().host();
    for (SourceSpec source : gadget.spec().sources()) {
      mayBeLate &= source.feed() instanceof Feed.Ring;
    }
    if (!mayBeLate) {
      containers.get();
    }
  }

  private void subscribe(EventFd wake, CloserStack closers) {
    BpfMap map = gadget.object().findMap(LoadedGadget.FILTER_MAP);
    if (map == null || request.selector().host()) {
      return;
    }
    CountedLoss full = new CountedLoss(Stage.FILTER_FULL, CONTAINERS, wake::signal);
    CountedLoss late = new CountedLoss(Stage.LATE_START, CONTAINERS, wake::signal);
    work.losses().add(full);
    work.losses().add(late);
    MountNsFilter filter =
        new MountNsFilter(map, gadget.spec().followsEvents(), new MountNsFilter.Losses(full, late));
    closers.add(filter);
    Subscription subscription = containers.get().subscribe(request.selector(), filter);
    closers.add(subscription::close);
  }

  private void addRing(String mapName, RecordPipeline pipeline, Epoll epoll, CloserStack closers) {
    BpfObject object = gadget.object();
    MemorySegment waits = object.hasVariable(READER_WAITS) ? object.variable(READER_WAITS) : null;
    RingBufferReader reader = RingBufferReader.open(object.map(mapName), waits);
    closers.add(reader::close);
    epoll.add(reader.fd(), 1 + work.rings().size());
    work.rings().add(new RingTask(reader, pipeline));
  }

  private void addInterval(Feed.MapEntries entries, RecordPipeline pipeline) {
    BpfMap map = gadget.object().map(entries.mapName());
    DataSource source = pipeline.source();
    long askedMs = request.limits().intervalMs();
    String annotated = mapSetting(source, FETCH_INTERVAL);
    long periodMs =
        askedMs != 0
            ? askedMs
            : annotated.isEmpty() ? DEFAULT_INTERVAL_MS : Milliseconds.parse(annotated);
    FetchSchedule schedule =
        FetchSchedule.ofMap(
            periodMs * NS_PER_MS,
            count(mapSetting(source, FETCH_COUNT)),
            source.annotation(FLUSH_ON_STOP).equals("true"),
            System.nanoTime());
    work.fetches().add(new IntervalTask(map, entries, schedule, pipeline));
  }

  /** What the source says, else what gadget.yaml says of all maps; empty if neither does. */
  private String mapSetting(DataSource source, String annotation) {
    String own = source.annotation(annotation);
    return own.isEmpty()
        ? gadget.spec().annotations().getOrDefault(DEFAULT_OF + annotation, "")
        : own;
  }

  private static long count(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    if (!text.matches("[0-9]{1,9}")) {
      throw new GadgetException(
          "reading " + FETCH_COUNT + " \"" + text + "\": write a number, 0 for no limit");
    }
    return Long.parseLong(text);
  }

  private void addSnapshot(SnapshotWish wish) {
    List<BpfLink> links = new ArrayList<>();
    for (String program : wish.iterators().programNames()) {
      links.add(gadget.iteratorLink(program));
    }
    work.fetches()
        .add(
            new SnapshotTask(
                gadget.object(),
                links,
                wish.iterators().recordSizeBytes(),
                snapshotSchedule(wish.pipeline().source()),
                wish.pipeline()));
  }

  /** Once, unless the source says that it is one to be watched. */
  private FetchSchedule snapshotSchedule(DataSource source) {
    String annotated = source.annotation(FETCH_INTERVAL);
    long periodMs = annotated.isEmpty() ? 0 : Milliseconds.parse(annotated);
    long askedMs = request.limits().intervalMs();
    return FetchSchedule.ofIterators(
        (periodMs != 0 && askedMs != 0 ? askedMs : periodMs) * NS_PER_MS,
        count(source.annotation(FETCH_COUNT)),
        source.annotation(FETCH_ON_STOP).equals("true"),
        System.nanoTime());
  }

  private void addLossMeters() {
    for (BpfMap map : gadget.object().maps()) {
      String name = map.name();
      if (name.equals(MAP_FULL)) {
        work.losses().add(new KernelLossMeter(map, Stage.KERNEL_MAP, gadget.spec().name()));
      } else if (name.endsWith(LOST_SUFFIX)) {
        String ring = name.substring(0, name.length() - LOST_SUFFIX.length());
        work.losses().add(new KernelLossMeter(map, Stage.KERNEL_RING, sourceOf(ring)));
      }
    }
  }

  /** The data source that a ring feeds; the ring's own name if it feeds none. */
  private String sourceOf(String ring) {
    for (SourceSpec source : gadget.spec().sources()) {
      if (source.feed() instanceof Feed.Ring(String mapName) && mapName.equals(ring)) {
        return source.source().name();
      }
    }
    return ring;
  }
}
