package org.latte4j.data.shard;

import java.util.Objects;
import org.latte4j.model.diffusion.LatentShape;

/**
 * A stretch of consecutive frames of one video as moments of the autoencoder's posterior: one row
 * of a shard.
 *
 * @param origin the video
 * @param start index of the first frame in the video
 * @param flipped whether the frames were mirrored left to right before they were encoded
 * @param shape T frames of C latent channels, h, w
 * @param scale what latents are multiplied by before diffusion; the moments are unscaled
 * @param moments half-precision little-endian [T, 2C, h, w]: in each frame the C means, then the C
 *     log variances. Not copied: leave it unchanged.
 * @param text the video's text embedding as {@link TextEncoding} says; empty without. Not copied
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes a row: shared, never compared
public record LatentSegment(
    VideoOrigin origin,
    int start,
    boolean flipped,
    LatentShape shape,
    double scale,
    byte[] moments,
    byte[] text) {
  /** Refuses moments that do not fit the shape. */
  public LatentSegment {
    Objects.requireNonNull(origin, "origin");
    if (start < 0) {
      throw new IllegalArgumentException("a segment cannot start at frame " + start);
    }
    if (moments.length != momentsLength(shape)) {
      throw new IllegalArgumentException(
          "segment of %s at frame %d: %s needs %d bytes of moments, not %d"
              .formatted(origin.source(), start, shape, momentsLength(shape), moments.length));
    }
  }

  /** Of a video without a text embedding. */
  public LatentSegment(
      VideoOrigin origin,
      int start,
      boolean flipped,
      LatentShape shape,
      double scale,
      byte[] moments) {
    this(origin, start, flipped, shape, scale, moments, new byte[0]);
  }

  /**
   * Unique in a data set: {@code source#start}, with {@code -flipped} added for mirrored frames.
   */
  public String id() {
    return origin.source() + "#" + start + (flipped ? "-flipped" : "");
  }

  /**
   * The posterior's means of one frame: [C, h, w], unscaled.
   *
   * @param frame from 0 to T - 1
   */
  public float[] means(int frame) {
    return moments(Objects.checkIndex(frame, shape.frames()) * 2L * shape.frameLength());
  }

  /**
   * The posterior's log variances of one frame: [C, h, w].
   *
   * @param frame from 0 to T - 1
   */
  public float[] logVariances(int frame) {
    return moments((Objects.checkIndex(frame, shape.frames()) * 2L + 1) * shape.frameLength());
  }

  /** So many as a frame's latent has values, as floats. */
  private float[] moments(long from) {
    float[] values = new float[shape.frameLength()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Halves.at(moments, Math.toIntExact(2 * (from + i)));
    }
    return values;
  }

  /** Bytes of the moments of a segment of this shape: two moments a value, two bytes a moment. */
  public static int momentsLength(LatentShape shape) {
    return Math.multiplyExact(shape.length(), 4);
  }
}
