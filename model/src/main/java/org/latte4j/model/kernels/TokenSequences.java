package org.latte4j.model.kernels;

/**
 * Which rows of a token matrix attend to each other.
 *
 * <p>Tokens are stored once, as rows in the order [B, F, t] (clip, frame, place in the frame).
 * Spatial attention joins the t tokens of a frame, temporal attention the F tokens of a place: both
 * are sequences of evenly spaced rows, so nothing is ever transposed. There are {@code outer *
 * inner} sequences; sequence (o, i) begins at row {@code o * outerStride + i * innerStride} and
 * takes {@code length} rows, {@code stride} apart.
 *
 * @param outer number of outer groups, positive
 * @param outerStride rows between outer groups
 * @param inner number of sequences in a group, positive
 * @param innerStride rows between the first tokens of neighbouring sequences
 * @param length tokens in a sequence, positive
 * @param stride rows between neighbouring tokens of a sequence
 */
public record TokenSequences(
    int outer, int outerStride, int inner, int innerStride, int length, int stride) {
  /** Refuses counts below one and negative strides. */
  public TokenSequences {
    if (outer < 1 || inner < 1 || length < 1) {
      throw new IllegalArgumentException(
          "token sequences need positive counts, not outer=%d inner=%d length=%d"
              .formatted(outer, inner, length));
    }
    if (outerStride < 0 || innerStride < 0 || stride < 0) {
      throw new IllegalArgumentException(
          "token sequences need strides of 0 or more, not outer=%d inner=%d rows=%d"
              .formatted(outerStride, innerStride, stride));
    }
  }

  /** Attention inside each frame. Rows are [batch, frames, tokens]. */
  public static TokenSequences spatial(int batch, int frames, int tokens) {
    return new TokenSequences(batch * frames, tokens, 1, 0, tokens, 1);
  }

  /** Attention over the frames at each place. Rows are [batch, frames, tokens]. */
  public static TokenSequences temporal(int batch, int frames, int tokens) {
    return new TokenSequences(batch, frames * tokens, tokens, 1, frames, tokens);
  }

  /** Number of sequences. */
  public int count() {
    return outer * inner;
  }

  /** Row of the first token of a sequence, {@code 0 <= sequence < count()}. */
  public int firstRow(int sequence) {
    return sequence / inner * outerStride + sequence % inner * innerStride;
  }

  /** Row of a token, counting {@code length()} tokens of each sequence after the other. */
  int row(int token) {
    return firstRow(token / length) + token % length * stride;
  }

  /** The highest row that any sequence takes. */
  public long lastRow() {
    return (outer - 1L) * outerStride + (inner - 1L) * innerStride + (length - 1L) * stride;
  }
}
