package org.latte4j.data.frames;

import java.io.Serializable;
import org.latte4j.data.decoder.DecoderSettings;
import org.latte4j.data.transform.FrameTransform;
import org.latte4j.data.video.DecodeLimits;

/**
 * Which frames are taken of a video, and what is done with them.
 *
 * @param transform brings frames to the square that is stored
 * @param every of so many frames one is taken, the video's first among them
 * @param limits videos beyond them are rejected
 * @param mostDamaged videos with more packets or frames that could not be decoded whole are
 *     rejected
 * @param decoder what the process that decodes may use
 */
public record FrameRecipe(
    FrameTransform transform,
    int every,
    DecodeLimits limits,
    int mostDamaged,
    DecoderSettings decoder)
    implements Serializable {
  /** Refuses values out of range. */
  public FrameRecipe {
    if (every < 1 || mostDamaged < 0) {
      throw new IllegalArgumentException(
          "one of at least 1 frame is taken and at least 0 may be damaged, not %d and %d"
              .formatted(every, mostDamaged));
    }
  }
}
