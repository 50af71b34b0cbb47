// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.cluster;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Says once what keeps going wrong in the same way. Safe for concurrent use. */
public final class Outage {
  private final Consumer<String> messages;
  private volatile @Nullable String said;

  /**
   * Nothing has gone wrong yet.
   *
   * @param messages receives one line for each thing that is new; any thread
   */
  public Outage(Consumer<String> messages) {
    this.messages = messages;
  }

  /**
   * Says why something has to be tried again, unless that was the last thing said.
   *
   * @param doing what was being done, and to what
   * @return true: another try is asked for, always
   */
  public boolean explain(String doing, Throwable cause) {
    String text = doing + ": " + cause.getMessage() + "; trying again";
    if (!text.equals(said)) {
      said = text;
      messages.accept(text);
    }
    return true;
  }

  /** It works again: whatever goes wrong next is new. */
  public void isOver() {
    said = null;
  }
}
