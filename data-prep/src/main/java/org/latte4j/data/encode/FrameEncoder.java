package org.latte4j.data.encode;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.latte4j.data.shard.Halves;
import org.latte4j.data.video.RgbImage;
import org.latte4j.model.autoencoder.Autoencoder;

/**
 * Runs frames through the autoencoder in batches and hands on each frame's moments, in order.
 *
 * <p>Not thread-safe.
 */
final class FrameEncoder {
  private static final float LARGEST_HALF = 65504;

  private final Autoencoder autoencoder;
  private final int size;
  private final float[] images;
  private final int batch;
  private final List<SegmentCutter> cutters;
  private int filled;

  /**
   * An encoder of one video.
   *
   * @param size side of the frames in pixels
   * @param batch frames at once
   * @param cutters one for the frames as they are; a second takes the mirrored frames
   */
  FrameEncoder(Autoencoder autoencoder, int size, int batch, List<SegmentCutter> cutters) {
    this.autoencoder = autoencoder;
    this.size = size;
    this.batch = batch;
    this.cutters = cutters;
    this.images = new float[Math.multiplyExact(batch, imageLength())];
  }

  void add(RgbImage frame) throws IOException {
    frame.toPlanar(images, filled * imageLength());
    filled++;
    if (filled == batch) {
      flush();
    }
  }

  /** Encodes what is pending; the video is at its end. */
  void finish() throws IOException {
    if (filled > 0) {
      flush();
    }
    for (SegmentCutter cutter : cutters) {
      cutter.finish();
    }
  }

  private void flush() throws IOException {
    float[] used = filled == batch ? images : Arrays.copyOf(images, filled * imageLength());
    byte[][] plain = encode(used);
    byte[][] mirrored = cutters.size() > 1 ? encode(mirror(used)) : new byte[0][];
    // Frame by frame, so that the order of segments does not depend on the batch.
    for (int i = 0; i < plain.length; i++) {
      cutters.get(0).add(plain[i]);
      if (mirrored.length > 0) {
        cutters.get(1).add(mirrored[i]);
      }
    }
    filled = 0;
  }

  private byte[][] encode(float[] frames) throws RejectedVideoException {
    int count = frames.length / imageLength();
    float[] moments = autoencoder.encode(frames, count, size, size);
    int length = moments.length / count;
    byte[][] halves = new byte[count][2 * length];
    for (float value : moments) {
      if (!(Math.abs(value) <= LARGEST_HALF)) {
        throw RejectedVideoException.forGood(
            "the autoencoder gave " + value + ", which half precision cannot hold");
      }
    }
    for (int i = 0; i < count; i++) {
      Halves.store(moments, i * length, length, halves[i], 0);
    }
    return halves;
  }

  private float[] mirror(float[] frames) {
    float[] mirrored = new float[frames.length];
    for (int row = 0; row < frames.length; row += size) {
      for (int x = 0; x < size; x++) {
        mirrored[row + x] = frames[row + size - 1 - x];
      }
    }
    return mirrored;
  }

  private int imageLength() {
    return 3 * size * size;
  }
}
