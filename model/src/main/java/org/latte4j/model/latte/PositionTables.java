package org.latte4j.model.latte;

/**
 * The fixed sine-cosine position tables. They are computed, not trained, but belong in files
 * written for the reference.
 *
 * @param spatial [t, D], added to the tokens of every frame
 * @param temporal [F / s, D], added once, before the first temporal module; zeros with rotary
 *     positions, which need no table (files keep it, since it tells F)
 */
public record PositionTables(float[] spatial, float[] temporal) {

  /** The reference's tables for a network of these sizes. */
  public static PositionTables of(LatteConfiguration configuration) {
    int d = configuration.hiddenSize();
    int rows = configuration.rows();
    int columns = configuration.columns();
    float[] spatial = new float[rows * columns * d];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int at = (row * columns + column) * d;
        sineCosine(column, d / 2, spatial, at);
        sineCosine(row, d / 2, spatial, at + d / 2);
      }
    }
    int frames = configuration.tokenFrames();
    float[] temporal = new float[frames * d];
    if (configuration.architecture().temporalPosition() == TemporalPosition.ABSOLUTE) {
      for (int frame = 0; frame < frames; frame++) {
        sineCosine(frame, d, temporal, frame * d);
      }
    }
    return new PositionTables(spatial, temporal);
  }

  /** Sines, then cosines, of a position at {@code size / 2} geometrically falling frequencies. */
  private static void sineCosine(int position, int size, float[] out, int at) {
    int half = size / 2;
    for (int i = 0; i < half; i++) {
      double angle = position / Math.pow(10_000, (double) i / half);
      out[at + i] = (float) Math.sin(angle);
      out[at + half + i] = (float) Math.cos(angle);
    }
  }
}
