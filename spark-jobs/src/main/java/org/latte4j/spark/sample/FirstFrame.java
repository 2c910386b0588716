package org.latte4j.spark.sample;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.transform.FrameTransform;
import org.latte4j.data.video.MediaInput;
import org.latte4j.data.video.RgbImage;
import org.latte4j.data.video.VideoDecoder;
import org.latte4j.model.autoencoder.Autoencoder;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.diffusion.Sampler;

/**
 * The picture that all videos of a job begin with, or none. The driver reads the file once; tasks
 * get its bytes and encode the picture with the model's autoencoder.
 */
final class FirstFrame implements Serializable {
  private static final long serialVersionUID = 1L;

  /** All of them go to every executor. */
  private static final int MOST_BYTES = 64 << 20;

  /** Nothing is given: the model makes all frames. */
  static final FirstFrame NONE = new FirstFrame("", new byte[0]);

  private final String name;
  private final byte[] bytes;

  private FirstFrame(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  /**
   * Reads {@code sample.image}, if it is given: a picture, or a video whose first frame is taken,
   * in any format that FFmpeg decodes.
   *
   * @throws IOException if it cannot be read or decoded
   */
  static FirstFrame read(SampleSettings settings, Configuration hadoop) throws IOException {
    if (settings.image().isEmpty()) {
      return NONE;
    }
    Path path = new Path(settings.image());
    byte[] bytes;
    try (InputStream in = path.getFileSystem(hadoop).open(path)) {
      bytes = in.readNBytes(MOST_BYTES + 1);
    } catch (FileNotFoundException e) {
      throw new PictureException("sample.image: there is no file " + path);
    }
    if (bytes.length > MOST_BYTES) {
      throw new PictureException(
          "%s: has more than %d MiB; sample.image is a picture".formatted(path, MOST_BYTES >> 20));
    }
    FirstFrame frame = new FirstFrame(path.toString(), bytes);
    frame.decode();
    return frame;
  }

  private RgbImage decode() throws IOException {
    try (VideoDecoder decoder = VideoDecoder.open(new Bytes(name, bytes))) {
      return decoder
          .next()
          .orElseThrow(() -> new PictureException(name + ": holds no picture"))
          .image();
    }
  }

  /**
   * The sampler that holds the frame, if there is one. The picture is resized and cut to a square
   * as the frames of videos are by default.
   */
  Sampler holding(Sampler sampler, ModelCard card, Autoencoder autoencoder) throws IOException {
    if (bytes.length == 0) {
      return sampler;
    }
    LatentShape latent = card.network().latent();
    int side = latent.height() * autoencoder.downsampling();
    float[] planar = new float[3 * side * side];
    FrameTransform.named("resize-crop", side).apply(decode()).toPlanar(planar, 0);
    float[] moments = autoencoder.encode(planar, 1, side, side);
    // The mean: the first half of the moments.
    float[] latents = new float[latent.frameLength()];
    for (int i = 0; i < latents.length; i++) {
      latents[i] = moments[i] * (float) card.scale();
    }
    return sampler.withFirstFrame(latents);
  }

  /** A file that is in memory already. */
  private record Bytes(String name, byte[] bytes) implements MediaInput {
    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public int read(long position, byte[] buffer, int offset, int length) {
      if (position >= bytes.length) {
        return -1;
      }
      int count = (int) Math.min(length, bytes.length - position);
      System.arraycopy(bytes, (int) position, buffer, offset, count);
      return count;
    }

    @Override
    public void close() {}
  }
}
