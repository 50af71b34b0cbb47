// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The static client as the build has left it. */
public final class ClientProgram {
  private ClientProgram() {}

  /** The folder of the checkout that is tested. */
  public static Path checkout() {
    Path folder = Path.of(System.getProperty("ig.checkout", "")).toAbsolutePath();
    while (!Files.exists(folder.resolve("mvnw"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("looking for the checkout: no mvnw above the folder");
      }
    }
    return folder;
  }

  /** Where it is. */
  static Path path() {
    return checkout().resolve("agent/target/bin/gadgettracermanager");
  }

  /** Ready to be started against a socket. */
  public static ProcessBuilder builder(Path socket, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(path().toString());
    command.add("-socketfile");
    command.add(socket.toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /** Starts it; its standard input is a pipe that stays open. */
  public static Process start(Path socket, String... arguments) throws IOException {
    return builder(socket, arguments).start();
  }
}
