// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.model.container.ValueList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ListContainersCommandTest {
  private static final String DUMP =
      """
      List of containers:
        shop/web/main id=0123456789abcdef runtime=containerd image=i pid=7 mntns=1 cgroup=2 label.a=b
        bank/vault/main id=aa runtime=containerd image=i pid=8 mntns=1 cgroup=2
        on-the-host id=bb runtime=runc image= pid=9 mntns=1 cgroup=2
      """;

  @Test
  void containersOfPodsAreRows() {
    assertThat(ListContainersCommand.rows("node1", DUMP, ValueList.ANY))
        .containsExactly(
            List.of("node1", "shop", "web", "main", "containerd", "0123456789ab"),
            List.of("node1", "bank", "vault", "main", "containerd", "aa"));
    assertThat(ListContainersCommand.rows("node1", DUMP, ValueList.parse("!shop"))).hasSize(1);
  }

  @Test
  void theTableFitsItsContent() {
    List<List<String>> rows = ListContainersCommand.rows("node1", DUMP, ValueList.parse("shop"));
    assertThat(ListContainersCommand.table(rows))
        .isEqualTo(
            """
            NODE   NAMESPACE  POD  CONTAINER  RUNTIME     ID
            node1  shop       web  main       containerd  0123456789ab
            """);
  }
}
