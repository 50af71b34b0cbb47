// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RuntimeCommandTest {
  private static RuntimeCommand parse(String line) {
    return RuntimeCommand.parse(List.of(line.split(" ", -1)), false);
  }

  @Test
  void readsPlainRun() {
    assertThat(parse("/usr/sbin/runc run web"))
        .isEqualTo(new RuntimeCommand("runc", "run", "web", "", ""));
  }

  @Test
  void readsWhatContainerdsShimWrites() {
    RuntimeCommand command =
        parse(
            "runc --root /run/containerd/runc/k8s.io --log /b/log.json --log-format json create"
                + " --bundle /run/b --pid-file /run/b/init.pid 0123abc");
    assertThat(command)
        .isEqualTo(
            new RuntimeCommand(
                "runc", "create", "0123abc", "/run/b", "/run/containerd/runc/k8s.io"));
  }

  @Test
  void readsFlagsInEveryForm() {
    assertThat(parse("crun --root=/r --systemd-cgroup create -b bundle --no-pivot id"))
        .isEqualTo(new RuntimeCommand("crun", "create", "id", "bundle", "/r"));
    assertThat(parse("crun run id --bundle=/late").bundle()).isEqualTo("/late");
    assertThat(parse("crun run id -b /late").containerId()).isEqualTo("id");
  }

  @Test
  void givesNoIdWhereNoContainerIsMeant() {
    assertThat(parse("runc exec -t id sh").containerId()).isEmpty();
    assertThat(parse("runc --version").verb()).isEmpty();
    assertThat(parse("runc run").containerId()).isEmpty();
    assertThat(RuntimeCommand.parse(List.of(), false)).isEqualTo(RuntimeCommand.NONE);
  }

  @Test
  void tellsWhatBecomesOfTheContainer() {
    RuntimeCommand created = parse("/usr/sbin/runc --root /r create --bundle /b id");
    RuntimeCommand started = parse("runc --root=/r start id");
    assertThat(created.isBirth()).isTrue();
    assertThat(created.isCreation()).isTrue();
    assertThat(created.isStart()).isFalse();
    assertThat(started.isBirth()).isFalse();
    assertThat(started.isStart()).isTrue();
    assertThat(started.isOfSameContainer(created)).isTrue();
    assertThat(parse("runc --root /r delete --force id").isOfSameContainer(created)).isTrue();
    assertThat(parse("runc start id").isOfSameContainer(created)).isFalse();
    assertThat(parse("crun --root=/r start id").isOfSameContainer(created)).isFalse();
    assertThat(parse("runc --root=/r start other").isOfSameContainer(created)).isFalse();
    assertThat(parse("runc run id").isCreation()).isFalse();
    assertThat(parse("runc start").isStart()).isFalse();
  }

  @Test
  void givesNoIdWhereTheEndIsMissing() {
    List<String> cut = List.of("runc", "run", "--bundle", "/b", "we");
    assertThat(RuntimeCommand.parse(cut, true).containerId()).isEmpty();
    assertThat(RuntimeCommand.parse(cut, true).bundle()).isEqualTo("/b");
  }
}
