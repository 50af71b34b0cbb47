// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.deploy;

/** What to do where the nodes cannot have the image of the gadget pods. */
final class ImageAdvice {
  private ImageAdvice() {}

  /**
   * The error with its ways out.
   *
   * @param nodes the nodes that do not have it
   * @param reason the kubelet's word for it
   */
  static String text(String image, String nodes, String reason) {
    String archive = "inspektor-gadget.tar";
    return "deploying: "
        + nodes
        + " cannot get the image "
        + image
        + " ("
        + reason
        + "); --image names another, or bring its archive ("
        + archive
        + ", made by the build) to the nodes: with containerd, on each node: ctr -n k8s.io images"
        + " import "
        + archive
        + "; with kind: kind load image-archive "
        + archive
        + "; with minikube: minikube image load "
        + archive;
  }
}
