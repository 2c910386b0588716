package org.latte4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.weights.SafetensorsFile;
import org.latte4j.model.weights.WeightSource;

/** Tensors that the reference implementation computed, and how they are compared. */
public final class Golden {
  /** The small model without classes. */
  public static final LatteConfiguration CFG1 = small(0);

  /** The small model with five classes; "hot" has the same sizes. */
  public static final LatteConfiguration CFG2 = small(5);

  private Golden() {}

  private static LatteConfiguration small(int classes) {
    return new LatteConfiguration(4, 64, 4, 2, new LatentShape(4, 4, 8, 8), classes);
  }

  /** Path of a golden file. */
  public static Path path(String name) {
    try {
      return Path.of(Golden.class.getResource("/golden/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Opens a golden safetensors file, named without its ending. */
  public static WeightSource open(String name) throws IOException {
    return SafetensorsFile.open(path(name + ".safetensors"));
  }

  /** One float tensor. */
  public static float[] floats(String file, String tensor) throws IOException {
    try (WeightSource source = open(file)) {
      return source.floats(tensor);
    }
  }

  /** One tensor in double precision. */
  public static double[] doubles(String file, String tensor) throws IOException {
    try (SafetensorsFile source = SafetensorsFile.open(path(file + ".safetensors"))) {
      return source.doubles(tensor);
    }
  }

  /** One integer tensor. */
  public static int[] ints(String file, String tensor) throws IOException {
    try (WeightSource source = open(file)) {
      return Arrays.stream(source.longs(tensor)).mapToInt(Math::toIntExact).toArray();
    }
  }

  /** Largest absolute difference must not exceed {@code tolerance}. */
  public static void assertClose(String what, float[] actual, float[] expected, double tolerance) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double worst = 0;
    for (int i = 0; i < actual.length; i++) {
      double difference = Math.abs((double) actual[i] - expected[i]);
      worst = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(worst, difference);
    }
    assertThat(worst).as("largest difference of %s", what).isLessThanOrEqualTo(tolerance);
  }

  /** Norm of the difference over the norm of the expected values must not exceed the tolerance. */
  public static void assertRelativelyClose(
      String what, float[] actual, float[] expected, double tolerance) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < actual.length; i++) {
      difference += Math.pow((double) actual[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    assertThat(Math.sqrt(difference / norm))
        .as("relative difference of %s", what)
        .isLessThanOrEqualTo(tolerance);
  }
}
