package org.latte4j.model.latte;

import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Rotation;
import org.latte4j.model.kernels.Tensor;

/**
 * Rotary position embedding of temporal attention (RoFormer, arXiv 2104.09864, section 3.2.2):
 * queries and keys are turned by angles that grow with the frame, so that their product depends on
 * the distance of two frames alone. A head's value i makes a pair with its value i + d/2, and turns
 * by frame / 10000^(2 i / d).
 *
 * <p>Holds the angles' cosines and sines; one instance serves all blocks.
 */
final class RotaryPositions {
  private static final double BASE = 10_000;

  private final Kernels kernels;
  private final int heads;
  private final int places;
  private final Tensor table;

  /**
   * Computes the angles.
   *
   * @param heads of temporal attention
   * @param headWidth d, even
   * @param positions frames of the grid that positions are laid over
   */
  RotaryPositions(
      Kernels kernels, Arena arena, TokenLayout layout, int heads, int headWidth, int positions) {
    this.kernels = kernels;
    this.heads = heads;
    this.places = layout.places();
    this.table = arena.allocate(layout.frames(), headWidth);
    kernels.upload(cosinesAndSines(layout.frames(), headWidth, positions), table);
  }

  /** [frames, d]: d/2 cosines, then d/2 sines. */
  static float[] cosinesAndSines(int frames, int headWidth, int positions) {
    int half = headWidth / 2;
    float[] values = new float[frames * headWidth];
    for (int frame = 0; frame < frames; frame++) {
      double position = PositionGrid.position(frame, frames, positions);
      for (int i = 0; i < half; i++) {
        double angle = position / Math.pow(BASE, 2.0 * i / headWidth);
        values[frame * headWidth + i] = (float) Math.cos(angle);
        values[frame * headWidth + half + i] = (float) Math.sin(angle);
      }
    }
    return values;
  }

  /** Turns queries and keys in place. qkv [B F t, 3 D]. */
  void rotate(Tensor qkv) {
    kernels.rotate(qkv, heads, table, places, Rotation.FORWARD);
  }

  /** Turns the gradients of turned queries and keys back, in place. */
  void rotateBack(Tensor dQkv) {
    kernels.rotate(dQkv, heads, table, places, Rotation.BACKWARD);
  }
}
