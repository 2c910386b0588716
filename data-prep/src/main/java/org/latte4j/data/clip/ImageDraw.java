package org.latte4j.data.clip;

import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;

/**
 * Which frame an image of joint training is: each frame of the catalog is equally likely. Follows
 * from the seed, the number of the clip that it goes with, and its place behind the clip alone.
 *
 * @param frame in the catalog
 * @param flipped whether the mirrored rows are read
 */
record ImageDraw(ImageCatalog.Frame frame, boolean flipped) {
  /**
   * Draws an image.
   *
   * @param seed of the run
   * @param visit of the clip
   * @param image place behind the clip, from 0
   */
  static ImageDraw of(ImageCatalog images, long seed, TrainingPlan.Visit visit, int image) {
    RandomStream stream = RandomStream.of(seed, Purpose.IMAGES, visit.sample(), image);
    ImageCatalog.Frame frame = images.frame((long) (stream.uniform() * images.size()));
    boolean flipped = stream.below(2) == 1 && images.videos().hasFlips(frame.video());
    return new ImageDraw(frame, flipped);
  }
}
