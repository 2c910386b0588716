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

  /**
   * The reference's tables for a network of these sizes; where its positions are laid over another
   * grid, the same sines and cosines between that grid's positions.
   */
  public static PositionTables of(LatteConfiguration configuration) {
    int d = configuration.hiddenSize();
    PositionGrid grid = configuration.positions();
    float[] temporal =
        configuration.architecture().temporalPosition() == TemporalPosition.ABSOLUTE
            ? temporal(configuration.tokenFrames(), grid, d)
            : new float[configuration.tokenFrames() * d];
    return new PositionTables(
        spatial(configuration.rows(), configuration.columns(), grid, d), temporal);
  }

  /**
   * The spatial table [rows columns, D] of so many tokens.
   *
   * @param grid that positions are laid over
   * @param d D, a multiple of 4
   */
  public static float[] spatial(int rows, int columns, PositionGrid grid, int d) {
    float[] spatial = new float[rows * columns * d];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int at = (row * columns + column) * d;
        sineCosine(PositionGrid.position(column, columns, grid.columns()), d / 2, spatial, at);
        sineCosine(PositionGrid.position(row, rows, grid.rows()), d / 2, spatial, at + d / 2);
      }
    }
    return spatial;
  }

  /** The temporal table [frames, D] of so many frames of tokens, likewise. */
  public static float[] temporal(int frames, PositionGrid grid, int d) {
    float[] temporal = new float[frames * d];
    for (int frame = 0; frame < frames; frame++) {
      sineCosine(PositionGrid.position(frame, frames, grid.frames()), d, temporal, frame * d);
    }
    return temporal;
  }

  /** Sines, then cosines, of a position at {@code size / 2} geometrically falling frequencies. */
  private static void sineCosine(double position, int size, float[] out, int at) {
    int half = size / 2;
    for (int i = 0; i < half; i++) {
      double angle = position / Math.pow(10_000, (double) i / half);
      out[at + i] = (float) Math.sin(angle);
      out[at + half + i] = (float) Math.cos(angle);
    }
  }
}
