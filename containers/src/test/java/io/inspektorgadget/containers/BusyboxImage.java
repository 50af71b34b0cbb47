// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** An image of busybox as a file that every engine can load. */
final class BusyboxImage {
  private BusyboxImage() {}

  /**
   * Makes one of the root file system that all bundles of the folder share.
   *
   * @param name its name and tag
   * @return the file
   */
  static Path make(Path folder, String name) throws IOException, InterruptedException {
    BusyboxBundle.make(folder, "unused", List.of("/bin/busybox"), Map.of());
    Path parts = Files.createDirectories(folder.resolve("image"));
    tar(folder, parts.resolve("layer.tar"), folder.resolve("rootfs"));
    String config =
        """
        {"architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin"],
         "Entrypoint":["/bin/busybox"],"Cmd":["sleep","1000"]},
         "rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created_by":"test"}]}
        """
            .formatted(sha256(Files.readAllBytes(parts.resolve("layer.tar"))));
    String configName = sha256(config.getBytes(java.nio.charset.StandardCharsets.UTF_8)) + ".json";
    Files.writeString(parts.resolve(configName), config);
    Files.writeString(
        parts.resolve("manifest.json"),
        "[{\"Config\":\"%s\",\"RepoTags\":[\"%s\"],\"Layers\":[\"layer.tar\"]}]"
            .formatted(configName, name));
    Path image = folder.resolve("image-with-name.tar");
    tar(folder, image, parts);
    return image;
  }

  private static void tar(Path folder, Path file, Path content)
      throws IOException, InterruptedException {
    Commands.run(folder, "tar", "-C", content.toString(), "-cf", file.toString(), ".");
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
