package org.latte4j.data.clip;

import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;

/**
 * Where in its video the clip of a visit lies. Follows from the seed and the visit's number alone.
 *
 * @param source of the video, as the manifest names it
 * @param start first frame
 * @param span frames from the first to the last, both included
 * @param flipped whether the mirrored rows are read
 */
public record ClipDraw(String source, int start, int span, boolean flipped) {
  /**
   * Draws the clip of a visit.
   *
   * @param catalog of the data set that the visit's plan was made for
   * @param seed of the run
   */
  public static ClipDraw of(ClipCatalog catalog, long seed, TrainingPlan.Visit visit) {
    int frames = catalog.video(visit.video()).frames();
    int span = catalog.window().span(frames);
    int start = RandomStream.of(seed, Purpose.CROP, visit.sample()).below(frames - span + 1);
    boolean flipped =
        catalog.hasFlips(visit.video())
            && RandomStream.of(seed, Purpose.FLIP, visit.sample()).below(2) == 1;
    return new ClipDraw(catalog.video(visit.video()).source(), start, span, flipped);
  }
}
