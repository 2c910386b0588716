package org.latte4j.spark.autoencoder;

import java.io.Closeable;
import java.io.IOException;
import org.latte4j.data.clip.TrainingPlan.Visit;
import org.latte4j.data.frames.FrameCatalog;
import org.latte4j.data.frames.FrameReader;
import org.latte4j.data.video.RgbImage;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;

/**
 * Draws the image of a visit: a square out of a frame, mirrored or not. What is drawn follows from
 * the seed and the visit's number alone. Not thread-safe.
 */
final class FrameCrops implements Closeable {
  private static final int COLOURS = 3;

  private final FrameCatalog catalog;
  private final FrameReader reader;
  private final int crop;
  private final double mirrorShare;
  private final long seed;
  private float[] whole = new float[0];

  FrameCrops(FrameCatalog catalog, FrameReader reader, AutoencoderSettings settings, long seed) {
    this.catalog = catalog;
    this.reader = reader;
    this.crop = settings.crop();
    this.mirrorShare = settings.mirrorShare();
    this.seed = seed;
  }

  /**
   * Reads an image.
   *
   * @param into receives [3, S, S] in [-1, 1] from {@code offset} on
   */
  void read(Visit visit, float[] into, int offset) throws IOException {
    RgbImage frame = reader.frame(catalog.locate(visit.video()));
    int size = frame.width();
    if (whole.length < COLOURS * size * size) {
      whole = new float[COLOURS * size * size];
    }
    frame.toPlanar(whole, 0);
    RandomStream place = RandomStream.of(seed, Purpose.CROP, visit.sample());
    int left = place.below(size - crop + 1);
    int top = place.below(size - crop + 1);
    boolean mirrored = RandomStream.of(seed, Purpose.FLIP, visit.sample()).chance(mirrorShare);
    int to = offset;
    for (int colour = 0; colour < COLOURS; colour++) {
      for (int y = 0; y < crop; y++) {
        int from = (colour * size + top + y) * size + left;
        System.arraycopy(whole, from, into, to, crop);
        if (mirrored) {
          mirror(into, to);
        }
        to += crop;
      }
    }
  }

  private void mirror(float[] row, int from) {
    for (int i = 0; i < crop / 2; i++) {
      float left = row[from + i];
      row[from + i] = row[from + crop - 1 - i];
      row[from + crop - 1 - i] = left;
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
