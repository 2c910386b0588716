package org.latte4j.model.weights;

import java.io.IOException;

/** Values of an array that a type can hold. */
final class RoundedValues {
  private RoundedValues() {}

  /**
   * All values of an array as floats, for writing as a type.
   *
   * @throws WeightFormatException if a finite value is too large for the type, or the array holds
   *     whole numbers
   */
  static float[] of(WeightSource source, String name, ElementType type) throws IOException {
    float[] values = source.floats(name);
    if (type == ElementType.F16 || type == ElementType.BF16) {
      for (float value : values) {
        if (Float.isFinite(value) && Float.isInfinite(rounded(value, type))) {
          throw new WeightFormatException(
              "array '%s' in %s holds %s, which %s cannot hold: write it as F32"
                  .formatted(name, source.description(), value, type));
        }
      }
    }
    return values;
  }

  private static float rounded(float value, ElementType type) {
    return type == ElementType.F16
        ? Float16.toFloat(Float16.fromFloat(value))
        : BFloat16.toFloat(BFloat16.fromFloat(value));
  }
}
