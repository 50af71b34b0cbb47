// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountViewTest {
  @TempDir Path root;
  private MountView view = new MountView(Path.of("/"), 0);

  @BeforeEach
  void makeView() throws IOException {
    view = new MountView(root, 7);
    Files.createDirectories(root.resolve("run/runc"));
    Files.createDirectories(root.resolve("var"));
  }

  private void link(String path, String target) throws IOException {
    Files.createSymbolicLink(root.resolve(path.substring(1)), Path.of(target));
  }

  @Test
  void followsAbsoluteLinksInsideTheView() throws IOException {
    link("/var/run", "/run");
    assertThat(view.resolve("/var/run/runc/web")).isEqualTo(root.resolve("run/runc/web"));
  }

  @Test
  void followsRelativeLinks() throws IOException {
    link("/var/run", "../run/./");
    link("/first", "var/run");
    assertThat(view.resolve("/first/runc")).isEqualTo(root.resolve("run/runc"));
  }

  @Test
  void neverLeavesTheView() throws IOException {
    link("/out", "../../../../etc");
    assertThat(view.resolve("/out/passwd")).isEqualTo(root.resolve("etc/passwd"));
    assertThat(view.resolve("/../../etc/passwd")).isEqualTo(root.resolve("etc/passwd"));
    assertThat(view.resolve("/..")).isEqualTo(root);
  }

  @Test
  void endsWhereLinksGoRound() throws IOException {
    link("/one", "/two");
    link("/two", "/one");
    assertThat(view.resolve("/one/x").startsWith(root)).isTrue();
  }

  @Test
  void leavesPathsOfTheHostAsTheyAre() {
    MountView host = new MountView(Path.of("/"), 0);
    assertThat(host.resolve("/var/run/x")).isEqualTo(Path.of("/var/run/x"));
  }
}
