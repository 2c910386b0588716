package org.latte4j.model.autoencoder;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;

/**
 * Sizes of an AutoencoderKl, in diffusers' terms.
 *
 * @param blockOutChannels channels of each level, from the images inwards; levels but the last
 *     halve the size
 * @param layersPerBlock residual blocks of a level of the encoder; the decoder has one more
 * @param latentChannels C
 * @param normGroups groups of every group normalisation
 * @param scalingFactor what latents are multiplied by before diffusion
 */
public record AutoencoderKlConfig(
    List<Integer> blockOutChannels,
    int layersPerBlock,
    int latentChannels,
    int normGroups,
    double scalingFactor)
    implements Serializable {

  /** Stable Diffusion's, which the Latte paper uses: factor 8, 4 channels. */
  public static final AutoencoderKlConfig STABLE_DIFFUSION =
      new AutoencoderKlConfig(List.of(128, 256, 512, 512), 2, 4, 32, 0.18215);

  private static final int MOST_LEVELS = 8;

  /** Refuses sizes that do not fit together. */
  public AutoencoderKlConfig {
    blockOutChannels = List.copyOf(blockOutChannels);
    if (blockOutChannels.isEmpty() || blockOutChannels.size() > MOST_LEVELS) {
      throw new IllegalArgumentException(
          "block_out_channels must have 1 to %d entries, not %d"
              .formatted(MOST_LEVELS, blockOutChannels.size()));
    }
    requirePositive("layers_per_block", layersPerBlock);
    requirePositive("latent_channels", latentChannels);
    requirePositive("norm_num_groups", normGroups);
    for (int channels : blockOutChannels) {
      requirePositive("block_out_channels", channels);
      if (channels % normGroups != 0) {
        throw new IllegalArgumentException(
            "norm_num_groups = %d does not divide %d of block_out_channels"
                .formatted(normGroups, channels));
      }
    }
    if (!(scalingFactor > 0) || Double.isInfinite(scalingFactor)) {
      throw new IllegalArgumentException(
          "scaling_factor must be a positive number, not " + scalingFactor);
    }
  }

  /**
   * Reads diffusers' {@code config.json}.
   *
   * @throws org.latte4j.model.weights.WeightFormatException if it is not that of an AutoencoderKL,
   *     lacks a key, or asks for something that is not implemented; the message names the key
   */
  public static AutoencoderKlConfig read(Path file) throws IOException {
    return DiffusersConfigReader.read(file);
  }

  /** The same network with another scaling factor. */
  public AutoencoderKlConfig scaledBy(double factor) {
    return new AutoencoderKlConfig(
        blockOutChannels, layersPerBlock, latentChannels, normGroups, factor);
  }

  /** Number of resolutions. */
  int levels() {
    return blockOutChannels.size();
  }

  /** Channels of a level, 0 being that of the images' size. */
  int channels(int level) {
    return blockOutChannels.get(level);
  }

  /** f: image size divided by latent size. */
  public int downsampling() {
    return 1 << (levels() - 1);
  }

  private static void requirePositive(String key, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(key + " must be positive, not " + value);
    }
  }
}
