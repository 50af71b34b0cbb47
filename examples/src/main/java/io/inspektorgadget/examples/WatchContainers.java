// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.examples;

import io.inspektorgadget.containers.CollectionOptions;
import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.containers.ContainerListener;
import io.inspektorgadget.containers.Subscription;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import java.util.concurrent.CountDownLatch;

/**
 * Container-Collection alone: prints the containers that run, and from then on every one that is
 * born or ends.
 */
public final class WatchContainers implements ContainerListener {
  private WatchContainers() {}

  /** Watches until it is interrupted. */
  public static void main(String[] args) throws Exception {
    HostFilesystem host = HostFilesystem.ofEnvironment();
    try (ContainerCollection containers =
            ContainerCollection.start(host, CollectionOptions.DEFAULTS);
        Subscription _ =
            containers.subscribe(ContainerSelector.ALL_CONTAINERS, new WatchContainers())) {
      containers.warnings().forEach(System.err::println);
      System.err.println("watching containers; Ctrl-C ends it");
      Runtime.getRuntime().addShutdownHook(new Thread(containers::close));
      new CountDownLatch(1).await();
    }
  }

  @Override
  public void added(ContainerInfo container) {
    System.out.printf(
        "+ %s (%s, pid %d, mount namespace %d)%n",
        container.name(),
        container.runtime().runtimeName(),
        container.pid(),
        container.mountNs().inode());
  }

  @Override
  public void removed(ContainerInfo container) {
    System.out.printf("- %s%n", container.name());
  }

  @Override
  public void namespaceAdded(ContainerInfo container) {
    System.out.printf("  %s has a further mount namespace%n", container.name());
  }

  @Override
  public void namespaceRemoved(ContainerInfo container) {
    System.out.printf("  %s has a mount namespace less%n", container.name());
  }
}
