// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.fanotify;

import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what a gate tells. */
final class RecordingGateListener implements GateListener {
  private static final long LIMIT_SECONDS = 20;

  final BlockingQueue<HeldEvent> events = new LinkedBlockingQueue<>();
  final BlockingQueue<String> news = new LinkedBlockingQueue<>();

  @Override
  public void opened(FanotifyGate gate) {
    news.add("opened");
  }

  @Override
  public void held(FanotifyGate gate, HeldEvent event) {
    events.add(event);
  }

  @Override
  public void marked(Path path) {
    news.add("marked " + path.getFileName());
  }

  @Override
  public void refused(Path path, String why) {
    news.add("refused " + why);
  }

  @Override
  public void folderChanged(FanotifyGate gate) {
    news.add("changed");
  }

  @Override
  public void ended(String why) {
    news.add("ended " + why);
  }

  /** The next thread that is held. */
  HeldEvent nextHeld() throws InterruptedException {
    return next(events);
  }

  /** The next thing told that is no held thread. */
  String nextNews() throws InterruptedException {
    return next(news);
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("waiting for a gate: nothing told");
    }
    return next;
  }
}
