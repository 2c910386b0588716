package org.latte4j.data.clip;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Objects;
import org.latte4j.data.shard.EncodedVideo;
import org.latte4j.data.shard.Halves;
import org.latte4j.data.shard.LatentEncoding;
import org.latte4j.data.shard.LatentSegment;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.ShardReader;
import org.latte4j.data.shard.TextEncoding;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;

/**
 * Draws the clip of a visit, anew at every visit as the reference does: where in the video it
 * begins, whether it is mirrored (if the data set holds mirrored rows), and a sample of the
 * autoencoder's posterior, mean + deviation * normal, times the scale. What is drawn follows from
 * the seed and the visit's number alone.
 *
 * <p>Not thread-safe: one a thread. Closing it closes the shards' files.
 */
public final class ClipReader implements Closeable {
  private final ClipCatalog catalog;
  private final LatentShape shape;
  private final long seed;
  private final TextEncoding text;
  private final ShardReader rows;
  private final PosteriorDraw posterior;

  /**
   * A reader over an opened data set.
   *
   * @param catalog of the same data set
   * @param seed of the run
   * @param cacheBytes of decoded rows that may be kept
   */
  public ClipReader(LatentShards shards, ClipCatalog catalog, long seed, long cacheBytes) {
    LatentEncoding encoding = shards.manifest().encoding();
    this.catalog = catalog;
    this.shape =
        new LatentShape(
            catalog.window().frames(), encoding.channels(), encoding.height(), encoding.width());
    this.seed = seed;
    this.text = shards.manifest().text();
    this.rows = shards.reader(cacheBytes);
    this.posterior = new PosteriorDraw(shape.frameLength());
  }

  /** F, C, H, W of every clip. */
  public LatentShape shape() {
    return shape;
  }

  /**
   * Draws a clip.
   *
   * @param into where the latent [F, C, H, W] goes, scaled for diffusion
   * @param offset of its first value
   * @return the clip's label, -1 if it has none
   */
  public int read(TrainingPlan.Visit visit, float[] into, int offset) throws IOException {
    Objects.checkFromIndexSize(offset, shape.length(), into.length);
    EncodedVideo video = catalog.video(visit.video());
    ClipWindow window = catalog.window();
    ClipDraw draw = ClipDraw.of(catalog, seed, visit);
    LatentSegment segment = row(draw, visit);
    int[] frames = window.indices(draw.start(), draw.span());
    RandomStream random = RandomStream.of(seed, Purpose.POSTERIOR, visit.sample());
    for (int f = 0; f < frames.length; f++) {
      posterior.frame(
          segment, frames[f] - segment.start(), random, into, offset + f * shape.frameLength());
    }
    return video.label();
  }

  /** What {@link #readText} gives. */
  public TextEncoding text() {
    return text;
  }

  /**
   * Reads the text embedding of a visit's video.
   *
   * @param into takes [L, D] from {@code offset} on
   * @throws IllegalStateException if the data set has none
   */
  public void readText(TrainingPlan.Visit visit, float[] into, int offset) throws IOException {
    if (!text.present()) {
      throw new IllegalStateException("the data set has no text embeddings");
    }
    Objects.checkFromIndexSize(offset, text.length(), into.length);
    byte[] stored = row(ClipDraw.of(catalog, seed, visit), visit).text();
    if (text.precision() == TextEncoding.Precision.SINGLE) {
      FloatBuffer values = ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      values.get(into, offset, text.length());
      return;
    }
    for (int i = 0; i < text.length(); i++) {
      into[offset + i] = Halves.at(stored, 2 * i);
    }
  }

  private LatentSegment row(ClipDraw draw, TrainingPlan.Visit visit) throws IOException {
    ClipCatalog.RowLocation row =
        catalog.locate(visit.video(), draw.start(), draw.span(), draw.flipped());
    return rows.segment(row.file(), row.row());
  }

  /**
   * A reader of single images from the same shards, which shares this one's files and cache; for
   * the same thread, and closed with it.
   */
  public ImageReader images(ImageCatalog images) {
    return new ImageReader(images, rows, shape.frameLength(), seed);
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
