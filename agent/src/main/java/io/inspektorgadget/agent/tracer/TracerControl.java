// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.tracer;

import io.inspektorgadget.columns.PrinterOptions.Rows;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.run.RunRequest;
import java.util.List;
import java.util.Optional;

/**
 * The Gadget Tracer Manager as the Trace controller sees it: a list of running gadgets by tracer
 * id. Safe for concurrent use; calls for one id wait for each other.
 */
public interface TracerControl {

  /** What becomes of a run's events. */
  enum Delivery {
    /** They are a stream of JSON lines, which readers get from the socket. */
    STREAM,
    /** They are one result, a JSON value, which {@link #stop} returns. */
    RESULT
  }

  /**
   * Starts a gadget. When this returns its programs are attached.
   *
   * @param rows which rows of its tables, in which order
   * @throws IllegalArgumentException if the data sources have not the columns that the rows name
   * @throws IllegalStateException if a tracer of that id is in the list already
   * @throws GadgetException if a parameter is wrong, the object cannot be loaded or no hook works;
   *     the tracer is not in the list then
   */
  void start(TracerId id, RunRequest request, Delivery delivery, Rows rows);

  /** Starts a gadget whose tables are as it makes them. */
  default void start(TracerId id, RunRequest request, Delivery delivery) {
    start(id, request, delivery, Rows.ALL);
  }

  /**
   * How a tracer is doing; empty if there is none of that id. One whose run has ended by itself
   * stays in the list, so that late readers learn of it, until it is stopped.
   */
  Optional<TracerStatus> status(TracerId id);

  /** All tracers, in the order of their start; unmodifiable. */
  List<TracerStatus> tracers();

  /** True if somebody is selected by this now: a container that runs, or the host. */
  boolean selectsAny(ContainerSelector selector);

  /**
   * Waits until the run has ended by itself, as that of a snapshot does.
   *
   * @param timeoutMs how long at most, in milliseconds
   * @return false if it runs on
   * @throws IllegalStateException if there is no tracer of that id
   */
  boolean awaitEnd(TracerId id, long timeoutMs) throws InterruptedException;

  /**
   * Ends a run, detaches its programs and takes the tracer off the list. Its readers get what they
   * have not read yet and then the end.
   *
   * @return what it has found; empty if there is no tracer of that id
   */
  Optional<TracerResult> stop(TracerId id);

  /**
   * How a tracer is doing.
   *
   * @param id its id
   * @param request what was asked for
   * @param delivery what becomes of its events
   * @param end why the run is over; empty while it goes on
   * @param lines how many lines it has written so far
   * @param readers how many read its stream now
   */
  record TracerStatus(
      TracerId id,
      RunRequest request,
      Delivery delivery,
      Optional<EndCause> end,
      long lines,
      int readers) {}

  /**
   * What a run has left.
   *
   * @param output its last JSON value: with {@link Delivery#RESULT} the result; empty if there is
   *     none
   * @param end why it ended
   * @param warnings what its user should know; unmodifiable
   * @param lost how many events were lost in the kernel and in this pod
   */
  record TracerResult(String output, EndCause end, List<String> warnings, long lost) {
    public TracerResult {
      warnings = List.copyOf(warnings);
    }
  }
}
