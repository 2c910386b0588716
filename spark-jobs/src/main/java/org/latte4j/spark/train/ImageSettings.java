package org.latte4j.spark.train;

import java.io.Serializable;
import org.latte4j.model.settings.Settings;

/**
 * Joint image-video training (section 3.4 of the paper).
 *
 * @param perClip N: images that are appended to every clip; 0 for none
 * @param list file that names the frames that images are drawn from; empty for all frames
 * @param listFirst the number of a video's first frame in that list
 */
public record ImageSettings(int perClip, String list, int listFirst) implements Serializable {
  private static final int MOST = 1 << 10;

  static ImageSettings from(Settings settings) {
    int perClip = settings.integer("train.images", 0, MOST);
    String list = settings.optionalText("train.image-list").orElse("");
    if (perClip == 0 && !list.isEmpty()) {
      throw settings.invalid(
          "train.image-list", "empty, or train.images must say how many images a clip gets");
    }
    return new ImageSettings(
        perClip, list, settings.integer("train.image-list-first", 0, Integer.MAX_VALUE));
  }

  /** Whether clips are trained with images. */
  public boolean any() {
    return perClip > 0;
  }
}
