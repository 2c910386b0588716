package org.latte4j.spark.convert;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.latte4j.model.autoencoder.Autoencoder;
import org.latte4j.model.autoencoder.Autoencoders;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.kernels.KernelsChoice;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.settings.SettingsException;

/**
 * What has to be said of weights from elsewhere before they can be sampled from.
 *
 * @param autoencoder built-in name or folder of the one that made the latents; empty if it was not
 *     said
 * @param classes names in the order of their labels; empty for numbers
 */
public record ForeignModel(String autoencoder, List<String> classes) {
  /** Copies the list. */
  public ForeignModel {
    classes = List.copyOf(classes);
  }

  /**
   * The model's card. The range of the latents it was trained on stays unknown.
   *
   * @throws SettingsException if the autoencoder was not said, or does not fit; or if there are
   *     other than the network's classes
   */
  ModelCard card(LatteConfiguration sizes, Prediction prediction) throws IOException {
    if (autoencoder.isEmpty()) {
      throw new SettingsException(
          "a folder to sample from needs to know which autoencoder made the latents: say it with"
              + " --autoencoder FOLDER, or --autoencoder dct-BLOCK-LUMA-CHROMA");
    }
    if (!classes.isEmpty() && classes.size() != sizes.classes()) {
      throw new SettingsException(
          "--classes names %d classes, and the weights are for %d"
              .formatted(classes.size(), sizes.classes()));
    }
    try (Autoencoder opened = Autoencoders.open(autoencoder, () -> KernelsChoice.forBackend(1))) {
      if (opened.latentChannels() != sizes.latent().channels()) {
        throw new SettingsException(
            "--autoencoder %s makes latents of %d channels, and the weights are for %d"
                .formatted(autoencoder, opened.latentChannels(), sizes.latent().channels()));
      }
      return new ModelCard(
          sizes,
          names(sizes.classes()),
          opened.fingerprint().replaceFirst(":.*", ""),
          opened.fingerprint(),
          opened.scalingFactor(),
          List.of(),
          List.of(),
          prediction);
    } catch (IllegalArgumentException e) {
      throw new SettingsException("--autoencoder: " + e.getMessage(), e);
    }
  }

  private List<String> names(int count) {
    if (!classes.isEmpty()) {
      return classes;
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add("class-%03d".formatted(i));
    }
    return names;
  }
}
