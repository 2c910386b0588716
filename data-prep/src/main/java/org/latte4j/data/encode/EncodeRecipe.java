package org.latte4j.data.encode;

import java.io.Serializable;
import org.latte4j.data.shard.Segmentation;
import org.latte4j.data.transform.FrameTransform;

/**
 * What happens to every video.
 *
 * @param transform brings frames to the square that is encoded
 * @param mirroring whether mirrored frames are encoded too
 * @param segmentation how long videos are cut
 * @param minimumFrames videos with fewer decoded frames are rejected; at most a segment's frames
 * @param batch frames that go through the autoencoder at once
 */
public record EncodeRecipe(
    FrameTransform transform,
    Mirroring mirroring,
    Segmentation segmentation,
    int minimumFrames,
    int batch)
    implements Serializable {
  /** Refuses values out of range. */
  public EncodeRecipe {
    if (minimumFrames < 1 || minimumFrames > segmentation.frames()) {
      throw new IllegalArgumentException(
          "the minimum of frames must be 1 to the segment's %d, not %d"
              .formatted(segmentation.frames(), minimumFrames));
    }
    if (batch < 1) {
      throw new IllegalArgumentException("a batch needs at least 1 frame, not " + batch);
    }
  }
}
