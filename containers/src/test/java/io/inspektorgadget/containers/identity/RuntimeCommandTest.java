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
  void givesNoIdWhereNoContainerIsMade() {
    assertThat(parse("runc exec -t id sh").containerId()).isEmpty();
    assertThat(parse("runc --version").verb()).isEmpty();
    assertThat(parse("runc run").containerId()).isEmpty();
    assertThat(RuntimeCommand.parse(List.of(), false)).isEqualTo(RuntimeCommand.NONE);
  }

  @Test
  void givesNoIdWhereTheEndIsMissing() {
    List<String> cut = List.of("runc", "run", "--bundle", "/b", "we");
    assertThat(RuntimeCommand.parse(cut, true).containerId()).isEmpty();
    assertThat(RuntimeCommand.parse(cut, true).bundle()).isEqualTo("/b");
  }
}
