// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.agent.stream.ClientProgram;
import io.inspektorgadget.testing.TimeLimit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The gadget pod's image holds all that its programs need: they run with it as their root. */
@Tag("cli")
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AgentImageTest {
  private static final String JAVA = "/opt/gadget/runtime/bin/java";
  private static final String ARGUMENTS = "@/opt/gadget/agent.args";

  private final Path folder = Files.createTempDirectory("image");
  private final Path archive = folder.resolve("image.tar");
  private final Path rootfs = folder.resolve("rootfs");

  AgentImageTest() throws IOException {}

  @BeforeAll
  void build() throws Exception {
    run(
        ClientProgram.checkout().resolve("build/image").toString(),
        archive.toString(),
        "localhost/agent:test");
    Path unpacked = Files.createDirectory(folder.resolve("archive"));
    run("tar", "-C", unpacked.toString(), "-xf", archive.toString());
    Files.createDirectory(rootfs);
    run("tar", "-C", rootfs.toString(), "-xpf", unpacked.resolve("layer.tar").toString());
    // A kubelet mounts this file into every container.
    Files.writeString(rootfs.resolve("etc/hosts"), "127.0.0.1 localhost\n192.0.2.7 api.cluster\n");
    Path probe = rootfs.resolve("probe/" + ImageProbe.class.getName().replace('.', '/') + ".class");
    Files.createDirectories(probe.resolveSibling("."));
    try (InputStream bytes = ImageProbe.class.getResourceAsStream("ImageProbe.class")) {
      if (bytes == null) {
        throw new IllegalStateException("reading ImageProbe.class: not on the class path");
      }
      Files.copy(bytes, probe);
    }
  }

  @AfterAll
  void remove() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** What a command prints on both streams; its status must be 0. */
  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = String.join("\n", process.inputReader().readAllLines());
    assertThat(process.waitFor()).as(String.join(" ", command) + "\n" + text).isZero();
    return text;
  }

  /** A command with the image as its root, and the file systems that a container has as well. */
  private String[] asContainer(String... command) {
    String script =
        "cd \"$1\" && shift && mount --rbind /proc proc && mount --rbind /sys sys"
            + " && mount --rbind /dev dev && exec chroot . \"$@\"";
    List<String> whole =
        new ArrayList<>(List.of("unshare", "-m", "sh", "-c", script, "sh", rootfs.toString()));
    whole.addAll(List.of(command));
    return whole.toArray(new String[0]);
  }

  private String inImage(String... command) throws Exception {
    return run(asContainer(command));
  }

  @Test
  void everyProgramRuns() throws Exception {
    List<String> programs = new ArrayList<>();
    try (Stream<Path> files = Files.list(rootfs.resolve("opt/gadget/runtime/bin"))) {
      files.map(file -> String.valueOf(file.getFileName())).forEach(programs::add);
    }
    assertThat(programs).contains("java");
    for (String program : programs) {
      String option = program.equals("java") ? "--version" : "-help";
      assertThat(inImage("/opt/gadget/runtime/bin/" + program, option)).isNotBlank();
    }
    assertThat(inImage("/bin/gadgettracermanager", "-help")).contains("receive-stream");
  }

  @Test
  void namesOfUsersAndHostsAreFound() throws Exception {
    assertThat(inImage(JAVA, "-cp", "/probe", ImageProbe.class.getName(), "api.cluster"))
        .contains("user root", "api.cluster 192.0.2.7");
  }

  @Test
  void theAgentIsReadyAndEnds() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(asContainer(JAVA, ARGUMENTS)).redirectErrorStream(true);
    builder.environment().put("NODE_NAME", "node-a");
    Process agent = builder.start();
    Path socket = rootfs.resolve("run/gadgettracermanager.socket");
    try {
      TimeLimit.ofMs(30_000).await("a live agent", () -> isAlive(socket));
      assertThat(inImage("/bin/gadgettracermanager", "-dump", "all"))
          .contains("List of containers:", "List of tracers:");
    } finally {
      agent.toHandle().destroy();
    }
    assertThat(agent.waitFor(TimeLimit.usual().ms(), TimeUnit.MILLISECONDS)).isTrue();
    List<String> log = agent.inputReader().readAllLines();
    assertThat(log).last().isEqualTo("gadget-agent: ended");
    assertThat(log).noneMatch(line -> line.contains("[warning]") || line.contains("AOT"));
    assertThat(socket).doesNotExist();
  }

  private static boolean isAlive(Path socket) {
    try {
      return ClientProgram.start(socket, "-liveness").waitFor() == 0;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("asking whether the agent lives", e);
    }
  }
}
