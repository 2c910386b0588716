package org.latte4j.spark.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.latte4j.data.media.ContactSheet;
import org.latte4j.data.shard.EncodedVideo;
import org.latte4j.data.shard.LatentSegment;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.ShardFile;
import org.latte4j.data.shard.ShardReader;
import org.latte4j.data.video.RgbImage;
import org.latte4j.model.autoencoder.Autoencoder;
import org.latte4j.model.diffusion.LatentShape;

/**
 * Decoded latents of a data set on one picture: videos from its beginning to its end, each with
 * frames from the beginning to the end of its first row in the file.
 */
public final class LatentSheet {
  private static final int VIDEOS = 8;
  private static final int FRAMES = 8;
  private static final int CELL = 128;

  private final LatentShards shards;
  private final Autoencoder autoencoder;

  /**
   * A sheet, not written.
   *
   * @param autoencoder that made the latents
   * @throws IllegalArgumentException if another one made them
   */
  public LatentSheet(LatentShards shards, Autoencoder autoencoder) {
    String expected = shards.manifest().encoding().autoencoder();
    if (!autoencoder.fingerprint().equals(expected)) {
      throw new IllegalArgumentException(
          "the latents were made by %s, not by %s".formatted(expected, autoencoder.fingerprint()));
    }
    this.shards = shards;
    this.autoencoder = autoencoder;
  }

  /** Writes the sheet as PNG. */
  public void write(Path target) throws IOException {
    List<Place> places = places();
    ContactSheet sheet = new ContactSheet(CELL);
    int shown = Math.min(VIDEOS, places.size());
    try (ShardReader reader = shards.reader(1)) {
      for (int i = 0; i < shown; i++) {
        Place place = places.get(Math.toIntExact((long) i * places.size() / shown));
        LatentSegment segment = reader.segment(place.file(), place.row());
        sheet.row(caption(segment), frames(segment));
      }
    }
    sheet.write(target);
  }

  /** The first row of every video in every file. */
  private List<Place> places() {
    List<Place> places = new ArrayList<>();
    List<ShardFile> files = shards.manifest().files();
    for (int file = 0; file < files.size(); file++) {
      int row = 0;
      for (EncodedVideo video : files.get(file).videos()) {
        places.add(new Place(file, row));
        row += video.rows().size();
      }
    }
    return places;
  }

  private static String caption(LatentSegment segment) {
    String source = segment.origin().source();
    String name = source.substring(source.lastIndexOf('/') + 1);
    String ascii = name.replaceAll("[^ -~]", "?");
    return "%s%n%s %d+%d"
        .formatted(
            ascii.length() > 28 ? ascii.substring(0, 28) : ascii,
            segment.origin().className().replaceAll("[^ -~]", "?"),
            segment.start(),
            segment.shape().frames())
        .replace("\r", "");
  }

  private List<RgbImage> frames(LatentSegment segment) {
    LatentShape shape = segment.shape();
    int shown = Math.min(FRAMES, shape.frames());
    List<RgbImage> images = new ArrayList<>();
    for (int i = 0; i < shown; i++) {
      int frame = shown == 1 ? 0 : i * (shape.frames() - 1) / (shown - 1);
      float[] image = autoencoder.decode(segment.means(frame), 1, shape.height(), shape.width());
      images.add(
          RgbImage.fromPlanar(
              image,
              0,
              shape.height() * autoencoder.downsampling(),
              shape.width() * autoencoder.downsampling()));
    }
    return images;
  }

  private record Place(int file, int row) {}
}
