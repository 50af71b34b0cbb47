// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The lists of containers and images that podman keeps beside its bundles: a bundle is {@code
 * ROOT/DRIVER-containers/ID/userdata}, the lists are {@code ROOT/DRIVER-containers/containers.json}
 * and {@code ROOT/DRIVER-images/images.json}.
 */
final class ContainersStorage {
  private static final String CONTAINERS_SUFFIX = "-containers/";
  private static final String IMAGES_SUFFIX = "-images/";

  /** Those of containers that a restart of the machine may forget are in a list of their own. */
  private static final List<String> LISTS = List.of("containers.json", "volatile-containers.json");

  private static final Set<String> OF_CONTAINER = Set.of("id", "names", "image", "metadata");
  private static final Set<String> OF_METADATA = Set.of("name", "image-name");
  private static final Set<String> OF_IMAGE = Set.of("id", "names", "digest");

  private ContainersStorage() {}

  /**
   * What is listed of a container.
   *
   * @param id its id
   * @param bundle its bundle, absolute
   */
  static EngineRecord record(MountView view, String id, String bundle) {
    int containers = bundle.lastIndexOf(CONTAINERS_SUFFIX + id);
    if (containers < 0 || id.isEmpty()) {
      return EngineRecord.EMPTY;
    }
    String base = bundle.substring(0, containers);
    for (String list : LISTS) {
      JsonFile container = listed(view, base + CONTAINERS_SUFFIX + list, id, OF_CONTAINER);
      if (!container.isEmpty()) {
        return record(view, base, container);
      }
    }
    return EngineRecord.EMPTY;
  }

  private static EngineRecord record(MountView view, String base, JsonFile container) {
    JsonFile metadata = parsed(container.text("metadata"));
    String name = first(container.list("names"), metadata.text("name"));
    String imageId = container.text("image");
    String imageName = metadata.text("image-name");
    if (imageId.isEmpty()) {
      return new EngineRecord(name, imageName, "", Map.of());
    }
    JsonFile image = listed(view, base + IMAGES_SUFFIX + "images.json", imageId, OF_IMAGE);
    return new EngineRecord(
        name,
        imageName.isEmpty() ? first(image.list("names"), "") : imageName,
        image.text("digest"),
        Map.of());
  }

  private static String first(List<String> names, String otherwise) {
    return names.isEmpty() ? otherwise : names.getFirst();
  }

  private static JsonFile parsed(String json) {
    try {
      byte[] bytes = json.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      return JsonFile.parse("the metadata of a container", bytes, OF_METADATA);
    } catch (IOException e) {
      // Not podman's, so it says nothing that we understand.
      return JsonFile.EMPTY;
    }
  }

  private static JsonFile listed(MountView view, String list, String id, Set<String> wanted) {
    try {
      for (JsonFile element : JsonFile.readElements(view.resolve(list), wanted)) {
        if (element.text("id").equals(id)) {
          return element;
        }
      }
    } catch (IOException e) {
      // No such list, or it is being replaced: nothing is known.
      return JsonFile.EMPTY;
    }
    return JsonFile.EMPTY;
  }
}
