// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.catalog;

import io.inspektorgadget.kernel.btf.Btf;
import io.inspektorgadget.model.gadget.GadgetException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a program that is no part of the build: with clang from the host, the headers of this
 * distribution, and a {@code vmlinux.h} made from the running kernel where the program wants one.
 */
final class GadgetCompiler {
  /** Programs of others get the kernel's types by that second header too. */
  private static final Pattern WANTS_VMLINUX =
      Pattern.compile(
          "^[ \\t]*#[ \\t]*include[ \\t]*[<\"](vmlinux|gadget/common)\\.h[>\"]", Pattern.MULTILINE);

  private static final List<String> CLANGS =
      List.of(
          "clang",
          "clang-22",
          "clang-21",
          "clang-20",
          "clang-19",
          "clang-18",
          "clang-17",
          "clang-16");
  private static final int RELEASE_MIN = 16;
  private static final int ERROR_LINES_MAX = 60;

  private final Map<String, String> environment;
  private final HashedCache cache;

  GadgetCompiler(Map<String, String> environment, HashedCache cache) {
    this.environment = environment;
    this.cache = cache;
  }

  /**
   * Compiles a program.
   *
   * @param gadget its name, for errors
   * @param folder its folder, whose headers are found
   * @param source the C file, relative to the folder
   * @return the object, in the user's cache
   * @throws GadgetException if there is no clang, or clang reports errors, which are then shown
   */
  Path compile(String gadget, Path folder, String source) {
    String doing = "compiling the gadget " + gadget;
    List<String> command = new ArrayList<>();
    command.add(clang(doing).toString());
    command.addAll(
        List.of("-target", "bpf", "-mcpu=v3", "-O2", "-g", "-Wall", "-D__TARGET_ARCH_" + arch()));
    command.addAll(List.of("-I", folder.toString()));
    if (wantsVmlinux(doing, folder)) {
      command.addAll(List.of("-I", vmlinuxFolder(doing).toString()));
    }
    Path headers = headers(doing);
    if (headers != null) {
      command.addAll(List.of("-I", headers.toString()));
    }
    command.addAll(
        List.of(
            "-I",
            "/usr/include/"
                + System.getProperty("os.arch").replace("amd64", "x86_64")
                + "-linux-gnu"));
    command.addAll(List.of("-c", folder.resolve(source).toString(), "-o"));
    return object(doing, command);
  }

  private Path object(String doing, List<String> command) {
    try {
      Path object = Files.createTempFile("ig-gadget", ".bpf.o");
      try {
        List<String> whole = new ArrayList<>(command);
        whole.add(object.toString());
        Tool.Outcome outcome = Tool.run(doing, whole, Path.of("/dev/null"));
        if (outcome.status() != 0) {
          throw new GadgetException(
              doing + ": clang reports errors\n" + firstLines(outcome.errors()));
        }
        byte[] bytes = Files.readAllBytes(object);
        return cache.path(
            "objects/" + HashedCache.hash(bytes) + ".bpf.o", target -> Files.write(target, bytes));
      } finally {
        Files.deleteIfExists(object);
      }
    } catch (IOException e) {
      throw new GadgetException(doing + ": " + e, e);
    }
  }

  private static String firstLines(String text) {
    List<String> lines = text.lines().toList();
    return String.join("\n", lines.subList(0, Math.min(lines.size(), ERROR_LINES_MAX)));
  }

  private Path clang(String doing) {
    String asked = environment.getOrDefault("CLANG", "");
    List<String> names = asked.isEmpty() ? CLANGS : List.of(asked);
    for (String name : names) {
      Path clang = Tool.find(environment, List.of(name));
      if (clang != null && release(doing, clang) >= RELEASE_MIN) {
        return clang;
      }
    }
    throw new GadgetException(
        doing
            + ": no clang "
            + RELEASE_MIN
            + " or newer found"
            + (asked.isEmpty() ? "" : " under CLANG=" + asked)
            + "; install one (apt-get install clang-19) or give a compiled FILE.o");
  }

  private static int release(String doing, Path clang) {
    try {
      Path output = Files.createTempFile("ig-clang", ".version");
      try {
        Tool.run(doing, List.of(clang.toString(), "-dumpversion"), output);
        String version = Files.readString(output, StandardCharsets.ISO_8859_1).strip();
        int dot = version.indexOf('.');
        String major = dot < 0 ? version : version.substring(0, dot);
        boolean number = !major.isEmpty() && major.chars().allMatch(c -> c >= '0' && c <= '9');
        return number && major.length() < 6 ? Integer.parseInt(major) : 0;
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new GadgetException(doing + ": asking " + clang + " for its version: " + e, e);
    }
  }

  private static String arch() {
    return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x86";
  }

  private static boolean wantsVmlinux(String doing, Path folder) {
    if (Files.exists(folder.resolve("vmlinux.h"))) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if ((name.endsWith(".c") || name.endsWith(".h"))
            && WANTS_VMLINUX.matcher(Files.readString(file, StandardCharsets.ISO_8859_1)).find()) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new GadgetException(doing + ": " + e, e);
    }
  }

  /** The folder with a vmlinux.h of the running kernel. */
  private Path vmlinuxFolder(String doing) {
    byte[] types;
    try {
      types = Files.readAllBytes(Btf.KERNEL_PATH);
    } catch (IOException e) {
      throw new GadgetException(
          doing
              + ": it wants vmlinux.h, and "
              + Btf.KERNEL_PATH
              + " cannot be read; put a vmlinux.h beside the program",
          e);
    }
    return cache.path("vmlinux/" + HashedCache.hash(types), target -> writeVmlinux(doing, target));
  }

  private void writeVmlinux(String doing, Path folder) throws IOException {
    Path bpftool = Tool.find(environment, List.of("bpftool"));
    if (bpftool == null) {
      throw new GadgetException(
          doing
              + ": it wants vmlinux.h, and no bpftool is there to write one; install it (apt-get"
              + " install bpftool) or put a vmlinux.h beside the program");
    }
    Files.createDirectory(folder);
    List<String> command =
        List.of(
            bpftool.toString(), "btf", "dump", "file", Btf.KERNEL_PATH.toString(), "format", "c");
    Tool.Outcome outcome = Tool.run(doing, command, folder.resolve("vmlinux.h"));
    if (outcome.status() != 0) {
      throw new GadgetException(
          doing + ": bpftool cannot write vmlinux.h\n" + firstLines(outcome.errors()));
    }
  }

  /** The folder of this distribution's headers, or null if it has none. */
  private @Nullable Path headers(String doing) {
    try {
      byte[] list = resource(CatalogBuild.INCLUDE_LIST);
      if (list == null) {
        return null;
      }
      List<String> names = new String(list, StandardCharsets.UTF_8).lines().toList();
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (String name : names) {
        all.writeBytes(name.getBytes(StandardCharsets.UTF_8));
        all.writeBytes(header(name));
      }
      String hash = HashedCache.hash(all.toByteArray());
      return cache.path("include/" + hash, target -> writeHeaders(names, target));
    } catch (IOException e) {
      throw new GadgetException(doing + ": reading the headers of this program: " + e, e);
    }
  }

  private static void writeHeaders(List<String> names, Path folder) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      try (InputStream in = new java.io.ByteArrayInputStream(header(name))) {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static byte[] header(String name) throws IOException {
    byte[] bytes = resource(CatalogBuild.INCLUDE + "/" + name);
    if (bytes == null) {
      throw new IOException(name + " is not on the class path");
    }
    return bytes;
  }

  private static byte @Nullable [] resource(String name) throws IOException {
    ClassLoader loader = GadgetCompiler.class.getClassLoader();
    try (InputStream in = loader.getResourceAsStream(CatalogBuild.FOLDER + "/" + name)) {
      return in == null ? null : in.readAllBytes();
    }
  }
}
