package org.latte4j.data.shard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.latte4j.model.diffusion.LatentShape;

/** Small data sets whose moments tell video, frame and position. */
public final class ExampleShards {
  public static final Configuration HADOOP = new Configuration();
  public static final int CHANNELS = 2;
  public static final int HEIGHT = 3;
  public static final int WIDTH = 4;
  public static final double SCALE = 0.5;

  private ExampleShards() {}

  /** A segment of made-up moments; means are {@link #mean}, log variances -30 or as given. */
  public static LatentSegment segment(
      String source, int label, int start, int frames, boolean flipped, float logVariance) {
    LatentShape shape = new LatentShape(frames, CHANNELS, HEIGHT, WIDTH);
    int half = shape.frameLength();
    byte[] moments = new byte[LatentSegment.momentsLength(shape)];
    for (int frame = 0; frame < frames; frame++) {
      float[] values = new float[2 * half];
      for (int i = 0; i < half; i++) {
        values[i] = mean(label, start + frame, i, flipped);
        values[half + i] = logVariance;
      }
      Halves.store(values, 0, 2 * half, moments, frame * 4 * half);
    }
    VideoOrigin origin = new VideoOrigin(source, label, "class" + label, "train", "", 25);
    return new LatentSegment(origin, start, flipped, shape, SCALE, moments);
  }

  /** The mean that {@link #segment} stores; exact in half precision for small arguments. */
  public static float mean(int label, int frame, int position, boolean flipped) {
    return (flipped ? -1 : 1) * (label * 32 + frame + position / 16f);
  }

  /**
   * Writes videos as files of two.
   *
   * @param frames of each video, whose label is its index
   */
  public static Manifest write(
      Path folder, Segmentation segmentation, List<Boolean> flips, float logVariance, int... frames)
      throws IOException {
    List<ShardFile> files = new ArrayList<>();
    int count = (frames.length + 1) / 2;
    for (int file = 0; file < count; file++) {
      String name = ShardWriter.fileName(0, file, count);
      List<EncodedVideo> videos = new ArrayList<>();
      try (ShardWriter writer = ShardWriter.create(folder, name, 7, HADOOP)) {
        for (int v = 2 * file; v < Math.min(frames.length, 2 * file + 2); v++) {
          List<SegmentRow> rows = new ArrayList<>();
          for (int start = 0;
              start == 0 || start + segmentation.overlap() < frames[v];
              start += segmentation.stride()) {
            int length = Math.min(segmentation.frames(), frames[v] - start);
            for (boolean flipped : flips) {
              writer.write(segment("video" + v, v, start, length, flipped, logVariance));
              rows.add(new SegmentRow(start, length, flipped));
            }
          }
          videos.add(
              new EncodedVideo("video" + v, 1000 + v, "1000-" + v, v, "train", frames[v], rows));
        }
        StoredFile stored = writer.commit();
        files.add(new ShardFile(stored.name(), stored.bytes(), stored.sha256(), videos));
      }
    }
    Manifest manifest =
        new Manifest(
            new LatentEncoding("example:0", "none", CHANNELS, HEIGHT, WIDTH, SCALE),
            segmentation,
            Map.of("encode.image-size", "32"),
            List.of("class0", "class1", "class2", "class3"),
            Collections.nCopies(CHANNELS, new ChannelRange(-1, 1)),
            files,
            List.of(new RejectedVideo("broken.avi", 3, "3-0", "not a video")));
    ManifestFile.write(manifest, folder, HADOOP);
    return manifest;
  }
}
