// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.gadget;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.tracers.event.RecordView;
import io.inspektorgadget.tracers.run.GadgetRun;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Every byte of a record was written for it: what no field explains is zero, and neither addresses
 * of the kernel nor the texts of earlier records are in it.
 */
@Tag("kernel")
final class RecordBytesKernelTest extends HostGadgets {
  /** Stands in the long texts of the first half of the script only. */
  private static final String SECRET = "zqxsecret";

  /** Marks the second half. */
  private static final String AFTER = "qqafter";

  /** What the script says at its end, where it waits: its container lives until all is read. */
  private static final String OVER = "all-done";

  private static final String SCRIPT =
      """
      long=/tmp/%1$s
      for i in 1 2 3 4 5 6; do long=$long-%1$s-$long; done
      i=0
      while [ $i -lt 300 ]; do
        true <"$long"
        kill -s CONT $$
        i=$((i+1))
      done 2>/dev/null
      ( exec "/bin/echo" "$long" "$long" )
      ( exec "/nonexistent/$long" )
      long=
      i=0
      while [ $i -lt 300 ]; do
        true <"/%2$s"
        kill -s CONT $$
        i=$((i+1))
      done 2>/dev/null
      ( exec /bin/echo %2$s )
      ( exec /%2$s )
      echo %3$s
      read -r _
      """
          .formatted(SECRET, AFTER, OVER);

  /** Looks at the bytes of each record while they are valid. */
  private static final class ByteInspector extends RecordingSink {
    final List<String> faults = new ArrayList<>();
    private boolean after;
    long recordsAfter;

    @Override
    public void event(EventView event) {
      super.event(event);
      RecordView view = (RecordView) event;
      byte[] bytes =
          view.memory()
              .asSlice(view.recordOffset(), view.lengthBytes())
              .toArray(ValueLayout.JAVA_BYTE);
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      after |= text.contains(AFTER);
      recordsAfter += after ? 1 : 0;
      if (after && text.contains(SECRET)) {
        fault(view, bytes, "a text of an earlier record");
      }
      BitSet explained = explained(view);
      for (int i = explained.nextClearBit(0); i < bytes.length; i = explained.nextClearBit(i + 1)) {
        if (bytes[i] != 0) {
          fault(view, bytes, "byte " + i + ", which no field explains");
          break;
        }
      }
      for (int i = 0; i + Long.BYTES <= bytes.length; i += Long.BYTES) {
        if (isKernelAddress(view, i)) {
          fault(view, bytes, "an address of the kernel at byte " + i);
          break;
        }
      }
    }

    private void fault(RecordView view, byte[] bytes, String what) {
      if (faults.size() < 5) {
        faults.add(
            view.source().name() + " holds " + what + ": " + HexFormat.of().formatHex(bytes));
      }
    }

    /**
     * The upper half of the address space, without what a negative u32 behind another number looks
     * like, and without small negative numbers.
     */
    private static boolean isKernelAddress(RecordView view, int offset) {
      long word = view.memory().get(ValueLayout.JAVA_LONG_UNALIGNED, view.recordOffset() + offset);
      boolean data = word >= -1L << 47 && word < -1L << 36;
      boolean text = word >= -1L << 31 && word < -1L << 12;
      return data || text;
    }

    /** The bytes that belong to a field; of a terminated text those up to its NUL. */
    private static BitSet explained(RecordView view) {
      BitSet explained = new BitSet();
      for (FieldSpec field : view.source().schema().fields()) {
        if (!(field.origin() instanceof FieldOrigin.Stored stored)) {
          continue;
        }
        int start = stored.offsetBytes();
        int end = start + stored.sizeBytes();
        long at = view.recordOffset() + start;
        switch (stored.encoding()) {
          case FIXED -> explained.set(start, end);
          case OPTIONAL -> {
            // Nobody asked for it: texts, which are explained by themselves, lie in its place.
          }
          case NUL_TERMINATED -> {
            int nul = start;
            while (nul < end
                && view.memory().get(ValueLayout.JAVA_BYTE, view.recordOffset() + nul) != 0) {
              nul++;
            }
            explained.set(start, nul);
          }
          case REST, COUNTED_REST -> explained.set(start, Math.max(start, view.lengthBytes()));
          case TAIL -> {
            explained.set(start, end);
            int tail = view.memory().get(ValueLayout.JAVA_SHORT_UNALIGNED, at) & 0xffff;
            int length = view.memory().get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 2) & 0xffff;
            assertThat(tail + length).as(field.name()).isLessThanOrEqualTo(view.lengthBytes());
            explained.set(tail, tail + length);
          }
        }
      }
      return explained;
    }
  }

  @TestFactory
  Stream<DynamicTest> everyByteOfEveryRecordWasWrittenForIt() {
    // Records of maps are not written by a program: the kernel's map clears what it hands out.
    return Gadgets.catalog().gadgets().stream()
        .filter(gadget ->
            gadget.sources().stream()
                .anyMatch(source -> source.source().kind() != DataSource.Kind.INTERVAL))
        .map(gadget -> DynamicTest.dynamicTest(gadget.name(), () -> inspect(gadget)));
  }

  private void inspect(GadgetSpec gadget) throws Exception {
    ByteInspector inspector = new ByteInspector();
    try (NamespacedShell shell = NamespacedShell.start(SCRIPT)) {
      var request = Gadgets.request(gadget, gadgets().selecting(shell));
      try (GadgetRun run = gadgets().start(request, inspector)) {
        assertThat(run.attachedPrograms()).isNotEmpty();
        shell.begin();
        shell.awaitWord(OVER);
        run.stop();
        // A fault in the inspector itself ends the run.
        assertThat(run.awaitEnd()).isNotInstanceOf(EndCause.Failed.class);
        shell.release();
        shell.awaitEnd();
      }
    }
    assertThat(inspector.faults).isEmpty();
    assertThat(inspector.losses()).as("losses").isEmpty();
    assertThat(inspector.events()).as("records inspected").isPositive();
    if (gadget.name().equals("trace_open") || gadget.name().equals("trace_exec")) {
      assertThat(inspector.recordsAfter).as("records after the long ones").isPositive();
    }
  }
}
