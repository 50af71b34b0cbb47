// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import io.inspektorgadget.containers.CollectionOptions;
import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.containers.birth.BirthIdentity;
import io.inspektorgadget.containers.birth.RuntimeBinaries;
import io.inspektorgadget.kernel.bpf.KernelFeature;
import io.inspektorgadget.kernel.bpf.ProbeResult;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that {@code ig} needs of a host, looked at by trying it. */
final class HostRequirements {
  private static final int KERNEL_MAJOR_MIN = 5;
  private static final int KERNEL_MINOR_MIN = 15;
  private static final List<String> LIBRARY_FOLDERS =
      List.of("/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib");
  private static final List<String> STATE_FOLDERS =
      List.of("/run/runc", "/run/containerd", "/run/docker", "/run/crio", "/run/crun");
  private static final List<KernelFeature> NEEDED =
      List.of(
          KernelFeature.BTF,
          KernelFeature.RING_BUFFER,
          KernelFeature.TRACEPOINT,
          KernelFeature.BTF_TRACEPOINT,
          KernelFeature.ITERATOR,
          KernelFeature.PERF_EVENT);

  private final HostFilesystem host;
  private final List<Requirement> found = new ArrayList<>();

  HostRequirements(HostFilesystem host) {
    this.host = host;
  }

  /** Looks at all of them, the most important first. */
  List<Requirement> check() {
    Privileges privileges = Privileges.ofProcess();
    checkPrivileges(privileges);
    checkKernelVersion(System.getProperty("os.version", ""));
    boolean hasLibrary = checkLibrary();
    if (privileges.missing().isEmpty() && hasLibrary) {
      for (KernelFeature feature : KernelFeature.values()) {
        checkFeature(feature);
      }
    } else {
      found.add(
          new Requirement(
              "kernel features",
              Requirement.State.UNKNOWN,
              false,
              "trying them needs the above",
              "run sudo ig doctor"));
    }
    checkCompiler();
    checkRuntimes();
    checkBinaries();
    if (privileges.missing().isEmpty()) {
      checkUnexplained();
    }
    return found;
  }

  private void checkPrivileges(Privileges privileges) {
    List<String> missing = privileges.missing();
    if (missing.isEmpty()) {
      found.add(Requirement.ok("privileges", false, privileges.isRoot() ? "root" : "CAP_BPF"));
    } else {
      found.add(
          Requirement.missing(
              "privileges",
              false,
              "no " + String.join(", ", missing),
              privileges.isRoot()
                  ? "give the container or service that this runs in "
                      + (missing.size() == 1 ? "this capability" : "these capabilities")
                  : "use sudo"));
    }
    if (!privileges.seesAllProcesses()) {
      found.add(
          Requirement.missing(
              "other processes",
              true,
              "no CAP_SYS_PTRACE: containers of other users have no names",
              "use sudo, or add the capability"));
    }
  }

  private void checkKernelVersion(String release) {
    String needed = KERNEL_MAJOR_MIN + "." + KERNEL_MINOR_MIN + " or newer is needed";
    String[] parts = release.split("[.-]", -1);
    try {
      int major = Integer.parseInt(parts[0]);
      int minor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
      boolean isNewEnough =
          major > KERNEL_MAJOR_MIN || (major == KERNEL_MAJOR_MIN && minor >= KERNEL_MINOR_MIN);
      found.add(
          isNewEnough
              ? Requirement.ok("kernel", false, "Linux " + release)
              : Requirement.missing("kernel", false, "Linux " + release, needed));
    } catch (NumberFormatException e) {
      found.add(new Requirement("kernel", Requirement.State.UNKNOWN, false, release, needed));
    }
  }

  private boolean checkLibrary() {
    for (String folder : LIBRARY_FOLDERS) {
      Path library = inFolderOrBelow(Path.of(folder), "libbpf.so.1");
      if (library != null) {
        found.add(Requirement.ok("libbpf", false, library.toString()));
        return true;
      }
    }
    found.add(Requirement.missing("libbpf", false, "no libbpf.so.1", "apt-get install libbpf1"));
    return false;
  }

  private static @Nullable Path inFolderOrBelow(Path folder, String name) {
    if (Files.exists(folder.resolve(name))) {
      return folder.resolve(name);
    }
    if (!Files.isDirectory(folder)) {
      return null;
    }
    try (DirectoryStream<Path> below = Files.newDirectoryStream(folder, "*-linux-gnu*")) {
      for (Path candidate : below) {
        if (Files.exists(candidate.resolve(name))) {
          return candidate.resolve(name);
        }
      }
      return null;
    } catch (IOException e) {
      return null;
    }
  }

  private void checkFeature(KernelFeature feature) {
    boolean isOptional = !NEEDED.contains(feature);
    String name = title(feature);
    found.add(
        switch (feature.probe()) {
          case ProbeResult.Supported supported -> Requirement.ok(name, isOptional, "works");
          case ProbeResult.Unsupported(String why) ->
              Requirement.missing(name, isOptional, why, fix(feature));
          case ProbeResult.Unknown(String why) ->
              new Requirement(name, Requirement.State.UNKNOWN, isOptional, why, "");
        });
  }

  private static String title(KernelFeature feature) {
    return switch (feature) {
      case KPROBE -> "kprobes";
      case FENTRY -> "fentry";
      case BPF_LSM -> "BPF LSM";
      case BTF -> "BTF";
      case RING_BUFFER -> "ring buffers";
      case TRACEPOINT -> "tracepoints";
      case BTF_TRACEPOINT -> "BTF tracepoints";
      case ITERATOR -> "iterators";
      case UPROBE -> "uprobes";
      case PERF_EVENT -> "perf events";
      case CGROUP2 -> "cgroup v2";
      case FANOTIFY_PERMISSION -> "fanotify permissions";
    };
  }

  private static String fix(KernelFeature feature) {
    return switch (feature) {
      case KPROBE, FENTRY, BPF_LSM, UPROBE -> "gadgets use other hooks where there are any";
      case BTF -> "use a kernel built with CONFIG_DEBUG_INFO_BTF";
      case CGROUP2 -> "mount it, or go on with v1";
      case FANOTIFY_PERMISSION -> "no start is held; new containers are still noticed";
      case RING_BUFFER, TRACEPOINT, BTF_TRACEPOINT, ITERATOR, PERF_EVENT ->
          "use a kernel that has it";
    };
  }

  private void checkCompiler() {
    String path = System.getenv().getOrDefault("PATH", "");
    for (String folder : path.split(":", -1)) {
      for (String name : List.of("clang", "clang-19", "clang-18", "clang-17", "clang-16")) {
        if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, name))) {
          found.add(Requirement.ok("clang", true, Path.of(folder, name).toString()));
          return;
        }
      }
    }
    found.add(
        Requirement.missing(
            "clang", true, "only ig run DIRECTORY needs it", "apt-get install clang-19"));
  }

  private void checkRuntimes() {
    List<String> present = new ArrayList<>();
    for (String folder : STATE_FOLDERS) {
      if (Files.isDirectory(host.resolve(folder))) {
        present.add(folder);
      }
    }
    found.add(
        present.isEmpty()
            ? Requirement.missing(
                "container runtimes",
                true,
                "none has left state in /run",
                "--host traces without any")
            : Requirement.ok("container runtimes", true, String.join(", ", present)));
  }

  private void checkBinaries() {
    List<String> paths =
        new RuntimeBinaries(host, RuntimeBinaries.USUAL_FOLDERS, List.of())
            .withThoseOfEngines().files().stream().map(Path::toString).distinct().toList();
    String name = "OCI runtimes";
    String fix = "--runtime-path names those at other places";
    found.add(
        paths.isEmpty()
            ? Requirement.missing(name, true, "none at the usual places", fix)
            : Requirement.ok(
                name, true, String.join(", ", paths) + ": their starts are " + held()));
  }

  private String held() {
    boolean canHold =
        found.stream()
            .anyMatch(requirement ->
                requirement.name().equals(title(KernelFeature.FANOTIFY_PERMISSION))
                    && requirement.state() == Requirement.State.OK);
    return canHold ? "held" : "noticed, not held";
  }

  private void checkUnexplained() {
    try (ContainerCollection containers =
        ContainerCollection.start(host, CollectionOptions.DEFAULTS.withoutBirths())) {
      List<String> ids =
          containers.containers().stream()
              .filter(c -> c.runtime().runtimeName().equals(BirthIdentity.UNKNOWN))
              .map(ContainerInfo::id)
              .toList();
      if (!ids.isEmpty()) {
        found.add(
            Requirement.missing(
                "known containers",
                true,
                "no runtime explains " + String.join(", ", ids),
                "--runtime-path names their runtime"));
      }
    }
  }
}
