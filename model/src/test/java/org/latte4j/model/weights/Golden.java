package org.latte4j.model.weights;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Files that the reference implementation wrote. */
final class Golden {
  private Golden() {}

  static Path file(String name) {
    try {
      return Path.of(Golden.class.getResource("/golden/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
