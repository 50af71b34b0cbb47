// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.inspektorgadget.kubectl.cluster.Cluster;
import io.inspektorgadget.kubectl.cluster.GadgetPod;
import io.inspektorgadget.trace.stream.StreamRequest;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Streams through the API server's exec: in the pod a small client is started, and its standard
 * output is read here. Its standard input stays open for as long as somebody reads, so that it ends
 * when this program does.
 */
final class PodConnector implements StreamConnector {
  /** The program in the pod that answers. */
  static final String CLIENT = "/bin/gadgettracermanager";

  private static final int COMPLAINT_BYTES_MAX = 4_096;

  private final Cluster cluster;

  PodConnector(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Connection connect(String pod, StreamRequest.Receive request) {
    List<String> command =
        new ArrayList<>(
            List.of(CLIENT, "-call", "receive-stream", "-tracerid", request.tracerId()));
    if (request.fromSeq() > 0) {
      command.addAll(List.of("-from", Long.toString(request.fromSeq())));
    }
    if (request.waitS() > 0) {
      command.addAll(List.of("-wait", Integer.toString(request.waitS())));
    }
    Complaint complaint = new Complaint();
    ExecWatch exec =
        cluster.ask(
            "opening the stream of pod " + pod,
            () ->
                cluster
                    .client()
                    .pods()
                    .inNamespace(GadgetPod.NAMESPACE)
                    .withName(pod)
                    .inContainer(GadgetPod.CONTAINER)
                    // Whether it is ready is known; one that is not refuses at once.
                    .withReadyWaitTimeout(0)
                    .redirectingInput()
                    .redirectingOutput()
                    .writingError(complaint)
                    .exec(command.toArray(new String[0])));
    return new ExecConnection(exec, complaint);
  }

  private record ExecConnection(ExecWatch exec, Complaint said) implements Connection {
    @Override
    public InputStream lines() {
      return exec.getOutput();
    }

    @Override
    public String complaint() {
      return said.text();
    }

    @Override
    public void close() {
      exec.close();
    }
  }

  /** The beginning of what the client writes to standard error. */
  private static final class Complaint extends ByteArrayOutputStream {
    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      super.write(bytes, offset, Math.min(length, COMPLAINT_BYTES_MAX - size()));
    }

    synchronized String text() {
      return toString(StandardCharsets.UTF_8).strip();
    }
  }
}
