package org.latte4j.model.autoencoder;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The orthonormal vectors that {@link DctAutoencoder} projects blocks of pixels on: products of a
 * colour axis and a two-dimensional cosine (DCT-II), in zig-zag order.
 *
 * <p>The colour axes are those of an orthonormal opponent transform: luma (R + G + B) / sqrt(3),
 * chroma (R - B) / sqrt(2) and (R - 2 G + B) / sqrt(6). Unlike the Y, Cb, Cr of BT.601 they form an
 * orthogonal matrix, so that the whole transform is a rotation: errors of latents and errors of
 * pixels have the same size.
 */
final class DctBasis {
  private static final double[][] COLOUR_AXES = {
    {1 / Math.sqrt(3), 1 / Math.sqrt(3), 1 / Math.sqrt(3)},
    {1 / Math.sqrt(2), 0, -1 / Math.sqrt(2)},
    {1 / Math.sqrt(6), -2 / Math.sqrt(6), 1 / Math.sqrt(6)}
  };

  private record Frequency(int row, int column) {}

  private DctBasis() {}

  /** Vectors [C][3 b b]: colour plane, row and column of a pixel in its block, row-major. */
  static double[][] vectors(DctSettings settings) {
    int b = settings.blockSize();
    List<Frequency> zigZag = zigZag(b);
    List<double[]> vectors = new ArrayList<>();
    for (int axis = 0; axis < COLOUR_AXES.length; axis++) {
      int kept = axis == 0 ? settings.lumaCoefficients() : settings.chromaCoefficients();
      for (Frequency frequency : zigZag.subList(0, kept)) {
        vectors.add(vector(COLOUR_AXES[axis], frequency, b));
      }
    }
    return vectors.toArray(double[][]::new);
  }

  private static double[] vector(double[] colour, Frequency frequency, int b) {
    double[] vector = new double[colour.length * b * b];
    int i = 0;
    for (double weight : colour) {
      for (int row = 0; row < b; row++) {
        for (int column = 0; column < b; column++) {
          vector[i++] =
              weight * cosine(frequency.row(), row, b) * cosine(frequency.column(), column, b);
        }
      }
    }
    return vector;
  }

  private static double cosine(int frequency, int place, int b) {
    double norm = Math.sqrt((frequency == 0 ? 1.0 : 2.0) / b);
    return norm * StrictMath.cos(Math.PI * (2 * place + 1) * frequency / (2.0 * b));
  }

  /** JPEG's order: along the anti-diagonals, in turn downwards and upwards. */
  private static List<Frequency> zigZag(int b) {
    List<Frequency> order = new ArrayList<>();
    for (int row = 0; row < b; row++) {
      for (int column = 0; column < b; column++) {
        order.add(new Frequency(row, column));
      }
    }
    order.sort(
        Comparator.comparingInt((Frequency f) -> f.row() + f.column())
            .thenComparingInt(f -> (f.row() + f.column()) % 2 == 0 ? f.column() : f.row()));
    return order;
  }
}
