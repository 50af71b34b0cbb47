// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.inspektorgadget.trace.client.ClusterClient;
import java.util.concurrent.CountDownLatch;

/** Starts the gadget pod's process; a signal ends it. */
public final class AgentMain {
  /** Kubernetes would wait longer, but whatever hangs is given back by the kernel at our end. */
  private static final long END_LIMIT_MS = 1_800;

  private static final int STATUS_FAILED = 1;
  private static final int STATUS_USAGE = 2;

  private AgentMain() {}

  /** Runs until SIGTERM or SIGINT. Options come from the environment, see {@link AgentOptions}. */
  public static void main(String[] arguments) throws InterruptedException {
    AgentOptions options;
    try {
      options = AgentOptions.of(System.getenv());
    } catch (IllegalArgumentException e) {
      fail(STATUS_USAGE, String.valueOf(e.getMessage()));
      return;
    }
    try {
      Agent agent = Agent.start(options, AgentMain::log);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(agent), "end"));
      log("node " + options.nodeName() + ": serving " + options.socket());
      agent.performTraces(ClusterClient.ofSurroundings());
    } catch (KubernetesClientException e) {
      // Its own text says that something went wrong; what, says the cause.
      fail(STATUS_FAILED, e.getMessage() + " (" + e.getCause() + ")");
    } catch (RuntimeException e) {
      fail(STATUS_FAILED, String.valueOf(e.getMessage()));
    } catch (LinkageError e) {
      // An image that lacks a class is no reason to stay and do nothing.
      fail(STATUS_FAILED, e.toString());
    }
    new CountDownLatch(1).await();
  }

  private static void fail(int status, String why) {
    log("starting the agent: " + why);
    System.exit(status);
  }

  private static void end(Agent agent) {
    Thread closing = new Thread(agent::close, "end-agent");
    closing.setDaemon(true);
    closing.start();
    try {
      closing.join(END_LIMIT_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    log(closing.isAlive() ? "ending: not all is stopped; the kernel takes it back" : "ended");
  }

  /** Standard error is the pod's log. */
  private static void log(String line) {
    System.err.println("gadget-agent: " + line);
  }
}
