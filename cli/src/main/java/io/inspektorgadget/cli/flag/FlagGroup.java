// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.flag;

/** The heading in a help text under which a flag stands, in the order of the help. */
public enum FlagGroup {
  GADGET("Gadget"),
  CONTAINERS("Container"),
  OUTPUT("Output"),
  RUN("Run"),
  CLUSTER("Cluster"),
  GENERAL("General");

  private final String title;

  FlagGroup(String title) {
    this.title = title;
  }

  /** The heading. */
  public String title() {
    return title;
  }
}
