// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.birth;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.containers.FakeHost;
import io.inspektorgadget.containers.birth.Birth.Cause;
import io.inspektorgadget.containers.birth.Birth.Command;
import io.inspektorgadget.containers.birth.Birth.FirstProcess;
import io.inspektorgadget.containers.birth.Birth.Groups;
import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BirthIdentityTest {
  private static final Groups NO_GROUPS = new Groups(1, "", 1, "");
  private static final String LONG_ID = "0123456789abcdef".repeat(4);

  @TempDir Path folder;
  private FakeHost host = new FakeHost(Path.of("/"));

  @BeforeEach
  void makeHost() {
    host = new FakeHost(folder);
  }

  private Optional<ContainerInfo> identify(Groups groups, Command command) {
    Birth birth =
        new Birth(
            command.words().isEmpty() ? Cause.UNEXPLAINED : Cause.BY_RUNTIME,
            new MountNs(4711, 99),
            99,
            new FirstProcess(5, 1, "sh"),
            12,
            groups,
            "node",
            command,
            System.nanoTime(),
            null);
    return new BirthIdentity(host.filesystem(), new HostProcesses(host.filesystem())).of(birth);
  }

  private static Command command(String line, String workingDirectory) {
    return new Command(70, List.of(line.split(" ", -1)), false, workingDirectory);
  }

  @Test
  void readsBundleThatTheRuntimeNamed() throws IOException {
    host.write("/b/config.json", "{\"annotations\":{\"nerdctl/name\":\"web\"}}");
    ContainerInfo web = identify(NO_GROUPS, command("runc run -b /b id", "/")).orElseThrow();
    assertThat(web.id()).isEqualTo("id");
    assertThat(web.name()).isEqualTo("web");
    assertThat(web.bundle()).isEqualTo("/b");
    assertThat(web.mountNs()).isEqualTo(new MountNs(4711, 99));
    assertThat(web.runtime().startedAtNs()).isPositive();
  }

  @Test
  void readsBundleInTheRuntimesWorkingDirectory() throws IOException {
    host.write("/srv/one/config.json", "{\"annotations\":{\"nerdctl/name\":\"one\"}}");
    assertThat(identify(NO_GROUPS, command("runc run id", "/srv/one")).orElseThrow().name())
        .isEqualTo("one");
    ContainerInfo relative =
        identify(NO_GROUPS, command("runc run -b ../one id", "/srv/two")).orElseThrow();
    assertThat(relative.name()).isEqualTo("one");
    assertThat(relative.bundle()).isEqualTo("/srv/one");
  }

  @Test
  void prefersTheRuntimesOwnViewOfItsBundle() throws IOException {
    host.write("/b/config.json", "{\"annotations\":{\"nerdctl/name\":\"hosts\"}}");
    host.write("/proc/70/root/b/config.json", "{\"annotations\":{\"nerdctl/name\":\"own\"}}");
    assertThat(identify(NO_GROUPS, command("runc run -b /b id", "/")).orElseThrow().name())
        .isEqualTo("own");
  }

  @Test
  void callsContainerByItsIdWhereTheBundleIsGone() {
    ContainerInfo container = identify(NO_GROUPS, command("crun run id", "")).orElseThrow();
    assertThat(container.name()).isEqualTo("id");
    assertThat(container.runtime().runtimeName()).isEqualTo("crun");
  }

  @Test
  void callsContainerByItsGroupWhereNoRuntimeExplainsIt() {
    ContainerInfo docker =
        identify(new Groups(9, "docker-" + LONG_ID + ".scope", 1, ""), Command.NONE).orElseThrow();
    assertThat(docker.id()).isEqualTo(LONG_ID);
    assertThat(docker.runtime().runtimeName()).isEqualTo("docker");
    assertThat(docker.cgroup().id()).isEqualTo(9);
    ContainerInfo byPids = identify(new Groups(1, "", 33, "box"), Command.NONE).orElseThrow();
    assertThat(byPids.id()).isEqualTo("box");
    assertThat(byPids.runtime().runtimeName()).isEqualTo(BirthIdentity.UNKNOWN);
    assertThat(byPids.cgroup().id()).isEqualTo(33);
  }

  @Test
  void callsContainerByItsNamespaceWhereNothingElseIsKnown() {
    assertThat(identify(NO_GROUPS, Command.NONE).orElseThrow().name()).isEqualTo("unknown-4711");
    Groups session = new Groups(9, "session-3.scope", 9, "cron.service");
    assertThat(identify(session, Command.NONE).orElseThrow().name()).isEqualTo("unknown-4711");
  }

  @Test
  void usesTheGroupWhereTheCommandLineWasCut() {
    Command cut = new Command(70, List.of("runc", "create", "--bundle", "/b", "0"), true, "/");
    ContainerInfo container = identify(new Groups(9, LONG_ID, 1, ""), cut).orElseThrow();
    assertThat(container.id()).isEqualTo(LONG_ID);
    assertThat(container.bundle()).isEqualTo("/b");
  }

  @Test
  void leavesOutSandboxes() throws IOException {
    host.write(
        "/b/config.json", "{\"annotations\":{\"io.kubernetes.cri.container-type\":\"sandbox\"}}");
    assertThat(identify(NO_GROUPS, command("runc create -b /b id", "/"))).isEmpty();
  }
}
