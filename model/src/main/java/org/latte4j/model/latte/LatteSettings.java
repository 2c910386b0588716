package org.latte4j.model.latte;

import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;

/** The settings below {@code model}, checked. */
public final class LatteSettings {
  private enum PatchEmbeddingKind {
    UNIFORM,
    COMPRESSION
  }

  private LatteSettings() {}

  /**
   * The network that settings describe for latents that the data set decides.
   *
   * @param channels C
   * @param height H of a latent frame
   * @param width W of a latent frame
   * @param classes K, or 0
   * @throws SettingsException if a setting is invalid or the settings do not fit together
   */
  public static LatteConfiguration network(
      Settings settings, int channels, int height, int width, int classes) {
    int frames = settings.integer("model.frames", 1, 1 << 16);
    Architecture architecture = architecture(settings);
    if (architecture.text() == TextConditioning.CROSS_ATTENTION) {
      throw settings.invalid(
          "model.text",
          "none or clip: cross-attention is the released text-to-video model's, which is imported"
              + " (latte convert) and sampled, not trained");
    }
    try {
      return new LatteConfiguration(
          settings.integer("model.depth", 1, 1 << 10),
          settings.integer("model.hidden-size", 4, 1 << 16),
          settings.integer("model.heads", 1, 1 << 10),
          settings.integer("model.patch-size", 1, 1 << 10),
          new LatentShape(frames, channels, height, width),
          classes,
          architecture);
    } catch (IllegalArgumentException e) {
      throw new SettingsException("the settings below model do not fit: " + e.getMessage(), e);
    }
  }

  /**
   * Variant, patch embedding, conditioning, temporal positions and text.
   *
   * @throws SettingsException if a setting is invalid
   */
  public static Architecture architecture(Settings settings) {
    PatchEmbeddingKind embedding =
        settings.oneOf("model.patch-embedding", PatchEmbeddingKind.class);
    int stride = settings.integer("model.temporal-stride", 2, 1 << 10);
    return new Architecture(
        Variant.of(settings.integer("model.variant", 1, Variant.values().length)),
        embedding == PatchEmbeddingKind.UNIFORM ? 1 : stride,
        settings.oneOf("model.conditioning", Conditioning.class),
        settings.oneOf("model.temporal-position", TemporalPosition.class),
        settings.oneOf("model.text", TextConditioning.class));
  }

  /** What the network predicts. */
  public static Prediction prediction(Settings settings) {
    return settings.oneOf("model.prediction", Prediction.class);
  }

  /** What a network in training is planned for: with or without gradient checkpointing. */
  public static LattePlan.Purpose trainingPurpose(Settings settings) {
    return settings.flag("model.gradient-checkpointing")
        ? LattePlan.Purpose.CHECKPOINTED_TRAINING
        : LattePlan.Purpose.TRAINING;
  }
}
