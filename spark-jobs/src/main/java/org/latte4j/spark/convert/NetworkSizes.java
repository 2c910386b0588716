package org.latte4j.spark.convert;

import java.io.IOException;
import java.util.Optional;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LatteSettings;
import org.latte4j.model.latte.LatteWeights;
import org.latte4j.model.latte.ModelSize;
import org.latte4j.model.latte.T2vConfiguration;
import org.latte4j.model.latte.T2vWeights;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.model.weights.WeightSource;

/** Sizes of the network that weights belong to, as far as settings have to tell them. */
public final class NetworkSizes {
  private NetworkSizes() {}

  /**
   * Height and width of a latent frame, of which weights only tell the number of patches.
   *
   * @param height H
   * @param width W
   */
  public record FrameSize(int height, int width) {}

  /**
   * The attention heads that {@code model.heads} says, else those of the published model of these
   * sizes: heads leave no trace in weights.
   *
   * @throws SettingsException if neither is known, or the heads do not divide the width
   */
  public static int heads(WeightSource source, Settings settings) throws IOException {
    boolean textToVideo = T2vWeights.areIn(source);
    int hiddenSize = textToVideo ? T2vWeights.hiddenSize(source) : LatteWeights.hiddenSize(source);
    LatteConfiguration released = T2vConfiguration.RELEASED.network();
    if (!settings.given("model.heads")) {
      if (textToVideo && hiddenSize == released.hiddenSize()) {
        return released.heads();
      }
      return ModelSize.publishedHeads(LatteWeights.depth(source), hiddenSize)
          .orElseThrow(
              () ->
                  new SettingsException(
                      "the number of attention heads leaves no trace in weights, and "
                          + source.description()
                          + " is no published model: say it with --set model.heads=N"));
    }
    int heads = settings.integer("model.heads", 1, hiddenSize);
    if (hiddenSize % heads != 0) {
      throw settings.invalid("model.heads", "a divisor of the hidden size, " + hiddenSize);
    }
    return heads;
  }

  /**
   * The network that weights belong to.
   *
   * @param settings tell heads and architecture
   * @param told size of a latent frame; square if it is not told
   * @throws SettingsException if a size is needed and not told, or does not fit
   */
  public static LatteConfiguration of(
      WeightSource source, Settings settings, Optional<FrameSize> told) throws IOException {
    if (T2vWeights.areIn(source)) {
      return textToVideo(source, settings, told);
    }
    FrameSize frame = told.isPresent() ? told.get() : square(source);
    try {
      return LatteWeights.sizes(
          source,
          LatteSettings.architecture(settings),
          heads(source, settings),
          frame.height(),
          frame.width());
    } catch (IllegalArgumentException e) {
      throw new SettingsException("--latent, model.*: " + e.getMessage(), e);
    }
  }

  /** Neither frames nor their size leave a trace in weights whose positions are computed. */
  private static LatteConfiguration textToVideo(
      WeightSource source, Settings settings, Optional<FrameSize> told) throws IOException {
    LatteConfiguration released = T2vConfiguration.RELEASED.network();
    FrameSize frame =
        told.orElse(new FrameSize(released.latent().height(), released.latent().width()));
    int heads = heads(source, settings);
    try {
      return T2vWeights.sizes(
              source,
              heads,
              settings.integer("model.frames", 1, 1 << 16),
              frame.height(),
              frame.width())
          .network();
    } catch (IllegalArgumentException e) {
      throw new SettingsException("--latent, model.*: " + e.getMessage(), e);
    }
  }

  private static FrameSize square(WeightSource source) throws IOException {
    int tokens = LatteWeights.tokens(source);
    int side = (int) Math.round(Math.sqrt(tokens));
    if (side * side != tokens) {
      throw new SettingsException(
          "%s is for frames of %d patches, which make no square: say their size with --latent HxW"
              .formatted(source.description(), tokens));
    }
    int pixels = side * LatteWeights.patchSize(source);
    return new FrameSize(pixels, pixels);
  }
}
