package org.latte4j.spark.device;

import java.util.List;

/**
 * A GPU's generation, and whether ND4J's CUDA library holds code for it. The library nd4j-cuda-11.6
 * 1.0.0-M2.1 holds machine code only, no PTX that a newer driver could translate, and machine code
 * for X.y runs on X.z with z at least y, never on another X.
 *
 * @param major X
 * @param minor y
 */
public record ComputeCapability(int major, int minor) {
  private static final List<ComputeCapability> BUILT =
      List.of(
          new ComputeCapability(3, 7),
          new ComputeCapability(5, 0),
          new ComputeCapability(5, 2),
          new ComputeCapability(6, 0),
          new ComputeCapability(6, 1),
          new ComputeCapability(7, 0),
          new ComputeCapability(7, 5),
          new ComputeCapability(8, 0),
          new ComputeCapability(8, 6));

  /** Reads {@code 8.6}. */
  public static ComputeCapability parse(String text) {
    String[] parts = text.strip().split("\\.");
    if (parts.length != 2) {
      throw new NumberFormatException("not a compute capability: " + text);
    }
    return new ComputeCapability(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }

  /** Whether nd4j-cuda-11.6 holds code for it. */
  public boolean supported() {
    return BUILT.stream().anyMatch(built -> built.major == major && built.minor <= minor);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
