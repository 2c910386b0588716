package org.latte4j.model.latte;

import java.io.Serializable;

/**
 * The grid of tokens that position embeddings are laid over: the network's own, unless it began
 * with the weights of a network of another resolution or number of frames. Then it is that
 * network's, and the network's tokens lie at the centres of equal shares of it: positions stay in
 * the range that the weights have learned, and are no longer whole numbers.
 *
 * @param frames of tokens
 * @param rows of tokens in a frame
 * @param columns of tokens in a frame
 */
public record PositionGrid(int frames, int rows, int columns) implements Serializable {
  /** Refuses empty grids. */
  public PositionGrid {
    if (frames < 1 || rows < 1 || columns < 1) {
      throw new IllegalArgumentException(
          "a grid of positions needs at least one frame, row and column, not %d, %d, %d"
              .formatted(frames, rows, columns));
    }
  }

  /**
   * Where tokens lie along one side of the grid.
   *
   * @param index of the token, from 0
   * @param tokens that share the side
   * @param side length of the side, in positions
   * @return the index itself if there are as many tokens as positions
   */
  static double position(int index, int tokens, int side) {
    return tokens == side ? index : (index + 0.5) * side / tokens - 0.5;
  }
}
