// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.kernel.OpenDescriptors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HangupWatchTest {
  private static final long LIMIT_S = 30;

  @TempDir Path directory;

  @Test
  void noticesThatTheReaderOfAPipeHasGone() throws Exception {
    List<String> before = OpenDescriptors.kernelObjects();
    Pipe pipe = Pipe.open();
    CountDownLatch gone = new CountDownLatch(1);
    try (HangupWatch _ = HangupWatch.of(pipe.writeEnd().number(), gone::countDown)) {
      assertThat(gone.await(50, TimeUnit.MILLISECONDS)).isFalse();
      pipe.readEnd().close();
      assertThat(gone.await(LIMIT_S, TimeUnit.SECONDS)).isTrue();
    }
    pipe.writeEnd().close();
    assertThat(OpenDescriptors.kernelObjects()).isEqualTo(before);
  }

  @Test
  void closingEndsAWatchThatSawNothing() {
    List<String> before = OpenDescriptors.kernelObjects();
    CountDownLatch gone = new CountDownLatch(1);
    Pipe pipe = Pipe.open();
    HangupWatch.of(pipe.writeEnd().number(), gone::countDown).close();
    assertThat(gone.getCount()).isEqualTo(1);
    pipe.readEnd().close();
    pipe.writeEnd().close();
    assertThat(OpenDescriptors.kernelObjects()).isEqualTo(before);
  }

  @Test
  void aFileNeverHangsUp() throws Exception {
    Path file = Files.createFile(directory.resolve("out"));
    int descriptor = Libc.openAt(Libc.AT_FDCWD, file.toString(), Libc.O_RDONLY);
    CountDownLatch gone = new CountDownLatch(1);
    try (Fd _ = Fd.ofResult(descriptor, "opening", file.toString());
        HangupWatch _ = HangupWatch.of(descriptor, gone::countDown)) {
      assertThat(gone.await(50, TimeUnit.MILLISECONDS)).isFalse();
    }
  }
}
