package org.latte4j.spark.sample;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.latte4j.data.video.RgbImage;

/**
 * Passes a video's frames on and keeps some of them, evenly spaced, for a contact sheet: as many as
 * a clip of training has.
 */
final class Preview implements Iterator<RgbImage> {
  private final Iterator<RgbImage> frames;
  private final int count;
  private final int kept;
  private final List<RgbImage> images = new ArrayList<>();
  private int next;

  /**
   * Watches frames.
   *
   * @param count how many they are
   * @param most that are kept; 0 for none
   */
  Preview(Iterator<RgbImage> frames, int count, int most) {
    this.frames = frames;
    this.count = count;
    this.kept = Math.min(count, most);
  }

  @Override
  public boolean hasNext() {
    return frames.hasNext();
  }

  @Override
  public RgbImage next() {
    RgbImage frame = frames.next();
    if (images.size() < kept && next == place(images.size())) {
      images.add(frame);
    }
    next++;
    return frame;
  }

  /** First and last frame are kept, and those between in even steps. */
  private int place(int i) {
    return kept == 1 ? 0 : (int) Math.rint((double) i * (count - 1) / (kept - 1));
  }

  /** What has been kept so far. */
  List<RgbImage> images() {
    return images;
  }
}
