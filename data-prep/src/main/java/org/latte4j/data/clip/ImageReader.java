package org.latte4j.data.clip;

import java.io.IOException;
import java.util.Objects;
import org.latte4j.data.shard.LatentSegment;
import org.latte4j.data.shard.ShardReader;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;

/**
 * Draws the images that joint training appends to a clip: single frames, anew at every visit, each
 * with its own mirroring, its own sample of the posterior and its own label.
 *
 * <p>Not thread-safe. Made and closed by a {@link ClipReader}.
 */
public final class ImageReader {
  private final ImageCatalog images;
  private final ShardReader rows;
  private final int frameLength;
  private final long seed;
  private final PosteriorDraw posterior;

  ImageReader(ImageCatalog images, ShardReader rows, int frameLength, long seed) {
    this.images = images;
    this.rows = rows;
    this.frameLength = frameLength;
    this.seed = seed;
    this.posterior = new PosteriorDraw(frameLength);
  }

  /**
   * Draws an image.
   *
   * @param visit of the clip that it goes with
   * @param image place behind the clip, from 0
   * @param into where the latent [C, H, W] goes, scaled for diffusion
   * @param offset of its first value
   * @return the image's label, that of its video; -1 if it has none
   */
  public int read(TrainingPlan.Visit visit, int image, float[] into, int offset)
      throws IOException {
    Objects.checkFromIndexSize(offset, frameLength, into.length);
    ImageDraw draw = ImageDraw.of(images, seed, visit, image);
    ImageCatalog.Frame frame = draw.frame();
    ClipCatalog.RowLocation row =
        images.videos().locate(frame.video(), frame.index(), 1, draw.flipped());
    LatentSegment segment = rows.segment(row.file(), row.row());
    RandomStream random = RandomStream.of(seed, Purpose.POSTERIOR, visit.sample(), image);
    posterior.frame(segment, frame.index() - segment.start(), random, into, offset);
    return images.videos().video(frame.video()).label();
  }
}
