// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** An OCI bundle whose root file system is busybox, for tests that start real containers. */
record BusyboxBundle(Path folder) {
  private static final Path BUSYBOX = Path.of("/bin/busybox");
  private static final String CAPABILITIES = "[\"CAP_SYS_ADMIN\",\"CAP_KILL\",\"CAP_SYS_CHROOT\"]";

  /** Makes one; the root file system is shared by all bundles of the folder. */
  static BusyboxBundle make(
      Path folder, String name, List<String> args, Map<String, String> annotations)
      throws IOException {
    Path rootfs = folder.resolve("rootfs");
    if (!Files.isDirectory(rootfs)) {
      for (String directory : List.of("bin", "proc", "dev", "sys", "tmp")) {
        Files.createDirectories(rootfs.resolve(directory));
      }
      Files.copy(BUSYBOX, rootfs.resolve("bin/busybox"));
    }
    Path bundle = Files.createDirectories(folder.resolve(name));
    Files.writeString(bundle.resolve("config.json"), config(rootfs, args, annotations));
    return new BusyboxBundle(bundle);
  }

  private static String config(Path rootfs, List<String> args, Map<String, String> annotations) {
    return """
    {"ociVersion":"1.0.2",
     "process":{"terminal":false,"user":{"uid":0,"gid":0},"args":[%s],
      "env":["PATH=/bin"],"cwd":"/",
      "capabilities":{"bounding":%s,"effective":%s,"permitted":%s}},
     "root":{"path":%s},"hostname":"busybox",
     "mounts":[{"destination":"/proc","type":"proc","source":"proc"},
      {"destination":"/dev","type":"tmpfs","source":"tmpfs"}],
     "annotations":{%s},
     "linux":{"namespaces":[{"type":"pid"},{"type":"mount"},{"type":"uts"},{"type":"ipc"},
      {"type":"network"}]}}
    """
        .formatted(
            args.stream().map(BusyboxBundle::quoted).collect(Collectors.joining(",")),
            CAPABILITIES,
            CAPABILITIES,
            CAPABILITIES,
            quoted(rootfs.toString()),
            annotations.entrySet().stream()
                .map(entry -> quoted(entry.getKey()) + ":" + quoted(entry.getValue()))
                .collect(Collectors.joining(",")));
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
