// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Says what a process finds in the image: its user's name and the address of a host's name. */
public final class ImageProbe {
  private ImageProbe() {}

  /** Prints both, one a line. */
  public static void main(String[] names) throws UnknownHostException {
    System.out.println("user " + System.getProperty("user.name"));
    for (String name : names) {
      System.out.println(name + " " + InetAddress.getByName(name).getHostAddress());
    }
  }
}
