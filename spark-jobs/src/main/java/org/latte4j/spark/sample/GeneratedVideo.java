package org.latte4j.spark.sample;

import java.io.Serializable;
import java.util.List;
import org.latte4j.data.video.RgbImage;

/**
 * A video as a task hands it back.
 *
 * @param video what was written
 * @param caption what a sheet says beside it
 * @param preview its frames, where the driver wants them for its contact sheet; else empty
 */
public record GeneratedVideo(SampledVideo video, String caption, List<RgbImage> preview)
    implements Serializable {
  /** Copies the list. */
  public GeneratedVideo {
    preview = List.copyOf(preview);
  }
}
