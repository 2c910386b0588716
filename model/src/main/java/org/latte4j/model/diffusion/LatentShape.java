package org.latte4j.model.diffusion;

import java.io.Serializable;

/**
 * Size of one latent clip.
 *
 * @param frames F
 * @param channels C
 * @param height H, in latent pixels
 * @param width W, in latent pixels
 */
public record LatentShape(int frames, int channels, int height, int width) implements Serializable {
  /** Refuses sizes below one. */
  public LatentShape {
    if (frames < 1 || channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "a latent clip needs positive sizes, not F=%d C=%d H=%d W=%d"
              .formatted(frames, channels, height, width));
    }
  }

  /** Values of one clip: F C H W. */
  public int length() {
    return Math.multiplyExact(
        Math.multiplyExact(frames, channels), Math.multiplyExact(height, width));
  }

  /** Values of one frame: C H W. */
  public int frameLength() {
    return channels * height * width;
  }
}
