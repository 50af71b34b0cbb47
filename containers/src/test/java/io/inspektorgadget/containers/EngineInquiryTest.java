// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.containers.engine.EngineAnswer;
import io.inspektorgadget.containers.engine.EngineSockets;
import io.inspektorgadget.containers.engine.EngineSockets.Engine;
import io.inspektorgadget.containers.engine.FakeEngine;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerInfo.Cgroup;
import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import io.inspektorgadget.model.container.ContainerInfo.RuntimeInfo;
import io.inspektorgadget.model.container.PodInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of engines, and what happens when they answer, or do not. */
@Timeout(60)
class EngineInquiryTest {
  private static final long LIMIT_MS = 20_000;

  @TempDir Path folder;
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final List<ContainerInfo> completed = new CopyOnWriteArrayList<>();
  private final AtomicInteger questions = new AtomicInteger();

  private ContainerInfo container(String runtime, String id) throws IOException {
    Files.createDirectories(folder.resolve("b"));
    Files.writeString(folder.resolve("b/config.json"), "{}");
    return new ContainerInfo(
        new RuntimeInfo(runtime, id, "", "", "", 1),
        1,
        new MountNs(id.hashCode(), 1),
        2,
        new Cgroup(3, "/x"),
        "/b",
        PodInfo.NONE,
        Map.of());
  }

  private EngineInquiry inquiry(EngineSockets sockets) {
    return new EngineInquiry(
        new FakeHost(folder).filesystem(),
        sockets,
        (container, answer) -> receive(container, answer),
        warnings::add);
  }

  private void receive(ContainerInfo container, EngineAnswer answer) {
    completed.add(answer.completing(container));
  }

  private void answer(InputStream in, OutputStream out) throws IOException {
    questions.incrementAndGet();
    String path = FakeEngine.request(in).split(" ", 3)[1];
    String body =
        switch (path) {
          case "/containers/one/json" ->
              "{\"Name\":\"/web\",\"Image\":\"sha256:aa\",\"Config\":{\"Image\":\"nginx:1\","
                  + "\"Labels\":{\"tier\":\"front\"}}}";
          case "/images/sha256:aa/json" -> "{\"RepoDigests\":[\"nginx@sha256:77\"]}";
          default -> "";
        };
    String status = body.isEmpty() ? "404 Not Found" : "200 OK";
    String head = "HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n\r\n";
    out.write((head + body).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void fillsInWhatIsMissingAndAsksNobodyElse() throws Exception {
    try (FakeEngine engine = FakeEngine.listen(folder.resolve("run/docker.sock"), this::answer);
        EngineInquiry inquiry = inquiry(EngineSockets.USUAL)) {
      assertThat(engine).isNotNull();
      inquiry.added(container("docker", "one"));
      inquiry.added(container("docker", "unheard-of"));
      inquiry.added(container("docker", "../images"));
      inquiry.added(container("podman", "one"));
      inquiry.added(container("runc", "one"));
      assertThat(inquiry.awaitAnswers(LIMIT_MS)).isTrue();
      assertThat(completed).hasSize(1);
      RuntimeInfo web = completed.getFirst().runtime();
      assertThat(web.name()).isEqualTo("web");
      assertThat(web.imageName()).isEqualTo("nginx:1");
      assertThat(web.imageDigest()).isEqualTo("sha256:77");
      assertThat(web.labels()).isEqualTo(Map.of("tier", "front"));
      int asked = questions.get();
      inquiry.added(completed.getFirst());
      assertThat(inquiry.awaitAnswers(LIMIT_MS)).isTrue();
      assertThat(questions).as("all is known").hasValue(asked);
      assertThat(warnings).isEmpty();
    }
  }

  @Test
  void keepsWhatIsKnown() throws Exception {
    ContainerInfo bare = container("docker", "one");
    ContainerInfo known =
        new ContainerInfo(
            new RuntimeInfo("docker", "one", "mine", "old:1", "", 1, Map.of("tier", "back")),
            1,
            bare.mountNs(),
            2,
            bare.cgroup(),
            "/b",
            PodInfo.NONE,
            Map.of());
    try (FakeEngine engine = FakeEngine.listen(folder.resolve("run/docker.sock"), this::answer);
        EngineInquiry inquiry = inquiry(EngineSockets.USUAL)) {
      assertThat(engine).isNotNull();
      inquiry.added(known);
      assertThat(inquiry.awaitAnswers(LIMIT_MS)).isTrue();
      assertThat(completed.getFirst().runtime().name()).isEqualTo("mine");
      assertThat(completed.getFirst().runtime().imageName()).isEqualTo("old:1");
      assertThat(completed.getFirst().runtime().imageDigest()).isEqualTo("sha256:77");
      assertThat(completed.getFirst().runtime().labels()).containsEntry("tier", "back");
    }
  }

  @Test
  void isSilentAboutEnginesThatAreNotThere() throws Exception {
    Path left = folder.resolve("run/docker.sock");
    FakeEngine.listen(left, this::answer).close();
    assertThat(Files.exists(left)).as("a socket outlives its engine").isTrue();
    try (EngineInquiry inquiry = inquiry(EngineSockets.USUAL)) {
      inquiry.added(container("docker", "one"));
      inquiry.added(container("podman", "one"));
      assertThat(inquiry.awaitAnswers(LIMIT_MS)).isTrue();
    }
    assertThat(completed).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @Test
  void warnsOfNamedEnginesThatAreNotThere() throws Exception {
    try (EngineInquiry inquiry =
        inquiry(EngineSockets.NONE.withNamed(Engine.DOCKER, "/srv/docker.sock"))) {
      assertThat(inquiry.awaitAnswers(0)).isTrue();
    }
    assertThat(warnings).singleElement().asString().contains("/srv/docker.sock", "no such socket");
    warnings.clear();
    FakeEngine.listen(folder.resolve("srv/docker.sock"), this::answer).close();
    try (EngineInquiry inquiry =
        inquiry(EngineSockets.NONE.withNamed(Engine.DOCKER, "/srv/docker.sock"))) {
      inquiry.added(container("docker", "one"));
      assertThat(inquiry.awaitAnswers(LIMIT_MS)).isTrue();
    }
    assertThat(warnings).singleElement().asString().contains("connecting to ", "srv/docker.sock");
  }

  @Test
  void asksAgainAndThenSaysWhyThereIsNoAnswer() throws Exception {
    FakeEngine.Service broken =
        (in, out) -> {
          FakeEngine.request(in);
          questions.incrementAndGet();
          out.write("HTTP/1.1 500 Oops\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        };
    try (FakeEngine engine = FakeEngine.listen(folder.resolve("run/docker.sock"), broken);
        EngineInquiry inquiry = inquiry(EngineSockets.USUAL)) {
      assertThat(engine).isNotNull();
      inquiry.added(container("docker", "one"));
      assertThat(inquiry.awaitAnswers(LIMIT_MS)).isTrue();
    }
    assertThat(questions).hasValue(3);
    assertThat(warnings).singleElement().asString().contains("HTTP status 500");
  }

  @Test
  void endsAtOnceWhileAnEngineIsSilent() throws Exception {
    List<Long> began = new ArrayList<>();
    FakeEngine.Service silent =
        (in, out) -> {
          questions.incrementAndGet();
          Thread.sleep(LIMIT_MS);
        };
    try (FakeEngine engine = FakeEngine.listen(folder.resolve("run/docker.sock"), silent)) {
      assertThat(engine).isNotNull();
      try (EngineInquiry inquiry = inquiry(EngineSockets.USUAL)) {
        inquiry.added(container("docker", "one"));
        Conditions.await("a question", () -> questions.get() == 1);
        assertThat(inquiry.awaitAnswers(1)).isFalse();
        began.add(System.nanoTime());
      }
      assertThat(System.nanoTime() - began.getFirst()).isLessThan(1_000_000_000L);
      assertThat(warnings).isEmpty();
    }
  }

  @Test
  void forgetsQuestionsAboutContainersThatEnded() throws Exception {
    FakeEngine.Service broken = (in, out) -> questions.incrementAndGet();
    try (FakeEngine engine = FakeEngine.listen(folder.resolve("run/docker.sock"), broken);
        EngineInquiry inquiry = inquiry(EngineSockets.USUAL)) {
      assertThat(engine).isNotNull();
      ContainerInfo short1 = container("docker", "one");
      inquiry.added(short1);
      Conditions.await("a question", () -> questions.get() > 0);
      Conditions.await(
          "the second attempt is not made",
          () -> {
            inquiry.removed(short1);
            return inquiry.awaitAnswers(1);
          });
    }
    assertThat(questions.get()).isLessThan(3);
    assertThat(warnings).isEmpty();
  }
}
