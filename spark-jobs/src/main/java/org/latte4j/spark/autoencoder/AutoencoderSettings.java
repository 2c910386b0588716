package org.latte4j.spark.autoencoder;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import org.latte4j.data.frames.FrameFile;
import org.latte4j.model.autoencoder.AutoencoderKlConfig;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.model.weights.ElementType;
import org.latte4j.model.weights.Part;

/**
 * The settings below {@code autoencoder}, checked.
 *
 * @param network its sizes; the scaling factor is not known yet and stands at 1
 * @param klWeight factor of the posterior's divergence in the loss
 * @param every of so many frames of a video one is taken
 * @param imageSize side of the stored frames in pixels, {@code encode.image-size}
 * @param crop side of the square that is cut out of a frame at every visit
 * @param mirrorShare how often it is mirrored
 * @param heldOutSplit videos of this split are not trained on
 * @param weights that are exported
 * @param precision of the exported weights
 * @param scaleFrames training frames that the scaling factor is measured on, at most
 * @param heldOutFrames frames of held-out videos that quality is measured on, at most
 */
public record AutoencoderSettings(
    AutoencoderKlConfig network,
    double klWeight,
    int every,
    int imageSize,
    int crop,
    double mirrorShare,
    String heldOutSplit,
    Part weights,
    ElementType precision,
    int scaleFrames,
    int heldOutFrames)
    implements Serializable {

  /** Types that weights are exported in. */
  private enum Precision {
    FP16,
    FP32
  }

  /**
   * Reads and checks the settings.
   *
   * @param imageSize side of the frames in pixels
   * @throws SettingsException naming the key whose value is not allowed
   */
  public static AutoencoderSettings from(Settings settings, int imageSize) {
    AutoencoderKlConfig network = network(settings);
    int crop = settings.integer("autoencoder.crop", 0, imageSize);
    int factor = network.downsampling();
    if (imageSize % factor != 0) {
      throw settings.invalid(
          "encode.image-size",
          "a multiple of %d, by which autoencoder.block-out-channels divides it".formatted(factor));
    }
    if (crop % factor != 0) {
      throw settings.invalid(
          "autoencoder.crop",
          "a multiple of %d, by which autoencoder.block-out-channels divides it, or 0"
              .formatted(factor));
    }
    return new AutoencoderSettings(
        network,
        settings.number("autoencoder.kl-weight", 0, 1e6),
        settings.integer("autoencoder.frames.every", 1, Integer.MAX_VALUE),
        imageSize,
        crop == 0 ? imageSize : crop,
        settings.number("autoencoder.mirror-share", 0, 1),
        settings.optionalText("autoencoder.held-out-split").orElse(""),
        settings.oneOf("autoencoder.export.weights", Part.class),
        settings.oneOf("autoencoder.export.precision", Precision.class) == Precision.FP16
            ? ElementType.F16
            : ElementType.F32,
        settings.integer("autoencoder.export.scale-frames", 1, 1 << 24),
        settings.integer("autoencoder.export.held-out-frames", 0, 1 << 24));
  }

  /** Whether a video is trained on. */
  boolean trainsOn(FrameFile.Video video) {
    return heldOutSplit.isEmpty() || !video.split().equals(heldOutSplit);
  }

  private static AutoencoderKlConfig network(Settings settings) {
    String key = "autoencoder.block-out-channels";
    List<Integer> channels;
    try {
      channels = settings.list(key).stream().map(Integer::valueOf).toList();
    } catch (NumberFormatException e) {
      throw settings.invalid(key, "a list of integers, one a level");
    }
    try {
      return new AutoencoderKlConfig(
          channels,
          settings.integer("autoencoder.layers-per-block", 1, 64),
          settings.integer("autoencoder.latent-channels", 1, 1024),
          settings.integer("autoencoder.norm-groups", 1, 1 << 16),
          1);
    } catch (IllegalArgumentException e) {
      throw new SettingsException(
          "autoencoder: " + e.getMessage().replace('_', '-').toLowerCase(Locale.ROOT), e);
    }
  }
}
