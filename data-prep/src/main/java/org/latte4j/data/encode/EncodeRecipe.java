package org.latte4j.data.encode;

import java.io.Serializable;
import org.latte4j.data.decoder.DecoderSettings;
import org.latte4j.data.shard.Segmentation;
import org.latte4j.data.transform.FrameTransform;
import org.latte4j.data.video.DecodeLimits;

/**
 * What happens to every video.
 *
 * @param transform brings frames to the square that is encoded
 * @param mirroring whether mirrored frames are encoded too
 * @param segmentation how long videos are cut
 * @param minimumFrames videos with fewer decoded frames are rejected; at most a segment's frames
 * @param limits videos beyond them are rejected
 * @param mostDamaged videos with more packets or frames that could not be decoded whole are
 *     rejected
 * @param decoder what the process that decodes may use
 * @param batch frames that go through the autoencoder at once
 */
public record EncodeRecipe(
    FrameTransform transform,
    Mirroring mirroring,
    Segmentation segmentation,
    int minimumFrames,
    DecodeLimits limits,
    int mostDamaged,
    DecoderSettings decoder,
    int batch)
    implements Serializable {
  /** Refuses values out of range. */
  public EncodeRecipe {
    if (minimumFrames < 1 || minimumFrames > segmentation.frames()) {
      throw new IllegalArgumentException(
          "the minimum of frames must be 1 to the segment's %d, not %d"
              .formatted(segmentation.frames(), minimumFrames));
    }
    if (mostDamaged < 0) {
      throw new IllegalArgumentException("damaged frames cannot be " + mostDamaged);
    }
    if (batch < 1) {
      throw new IllegalArgumentException("a batch needs at least 1 frame, not " + batch);
    }
  }
}
