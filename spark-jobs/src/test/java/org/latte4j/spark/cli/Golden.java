package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

/** The reference's golden tensors, which live with the model's tests. */
final class Golden {
  private static final Path FOLDER = Path.of("..", "model", "src", "test", "resources", "golden");

  private Golden() {}

  static String file(String name) {
    return FOLDER.resolve(name).toString();
  }

  static double largestDifference(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }
}
