// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunLedgerTest {
  private static final String HERE = "https://here/";

  @TempDir Path folder;

  private RunLedger ledger(String serverUrl) {
    return new RunLedger(folder.resolve("runs"), serverUrl);
  }

  private RunLedger.Entry begin(String runId) throws IOException {
    return Objects.requireNonNull(ledger(HERE).begin(runId));
  }

  private static List<String> abandoned(RunLedger ledger) throws IOException {
    List<RunLedger.Entry> found = ledger.abandoned();
    for (RunLedger.Entry entry : found) {
      entry.close();
    }
    return found.stream().map(RunLedger.Entry::runId).toList();
  }

  private List<Path> files() throws IOException {
    try (var list = Files.list(folder.resolve("runs"))) {
      return list.toList();
    }
  }

  @Test
  void aRunWhoseProgramHasGoneIsAbandonedInItsClusterOnly() throws Exception {
    begin("killed").close();
    assertThat(abandoned(ledger(HERE))).containsExactly("killed");
    assertThat(abandoned(ledger("https://there/"))).isEmpty();
  }

  @Test
  void whoeverSeesToItIsTheOnlyOne() throws Exception {
    begin("killed").close();
    try (RunLedger.Entry mine = ledger(HERE).abandoned().getFirst()) {
      assertThat(abandoned(ledger(HERE))).isEmpty();
      mine.done();
    }
    assertThat(abandoned(ledger(HERE))).isEmpty();
    assertThat(files()).isEmpty();
  }

  @Test
  void aRunThatHasEndedWellIsForgotten() throws Exception {
    RunLedger.Entry entry = begin("ended");
    assertThat(files()).hasSize(1);
    entry.done();
    assertThat(files()).isEmpty();
  }

  @Test
  void aRunThatLivesIsLeftAlone() throws Exception {
    RunLedger.Entry alive = begin("alive");
    assertThat(abandoned(ledger(HERE))).isEmpty();
    alive.done();
  }

  @Test
  void withoutAHomeNothingIsNoted() throws Exception {
    RunLedger nowhere = RunLedger.of(Map.of(), HERE);
    assertThat(nowhere.begin("x")).isNull();
    assertThat(nowhere.abandoned()).isEmpty();
    RunLedger usual = RunLedger.of(Map.of("HOME", folder.toString()), HERE);
    Objects.requireNonNull(usual.begin("y")).close();
    assertThat(folder.resolve(".cache/inspektor-gadget/runs/y.run")).hasContent(HERE);
  }

  @Test
  void aFolderThatCannotBeMadeIsAnError() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> new RunLedger(file.resolve("runs"), HERE).begin("x"))
        .isInstanceOf(IOException.class);
  }
}
