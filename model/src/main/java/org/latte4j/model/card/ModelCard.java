package org.latte4j.model.card;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.Serializable;
import java.util.List;
import org.latte4j.model.diffusion.ChannelRanges;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.PositionGrid;
import org.latte4j.model.settings.SettingsException;

/**
 * Everything that sampling needs to know of a model beside its weights; lies beside them as {@code
 * model.json} (see {@link ModelCardFile}).
 *
 * @param network sizes
 * @param classes names in the order of their labels; empty for a model without classes
 * @param autoencoder short name of the autoencoder that made the latents, such as {@code dct-4-8-2}
 * @param autoencoderFingerprint its fingerprint; an autoencoder with another one decodes wrongly
 * @param scale what latents were multiplied by before diffusion
 * @param channelMinimum C: least latent value of each channel over the training data; empty where
 *     that is not known, as for weights from elsewhere
 * @param channelMaximum C: greatest likewise
 * @param prediction what the network predicts
 */
@JsonPropertyOrder({
  "network",
  "classes",
  "autoencoder",
  "autoencoderFingerprint",
  "scale",
  "channelMinimum",
  "channelMaximum",
  "prediction"
})
public record ModelCard(
    LatteConfiguration network,
    List<String> classes,
    String autoencoder,
    String autoencoderFingerprint,
    double scale,
    List<Float> channelMinimum,
    List<Float> channelMaximum,
    Prediction prediction)
    implements Serializable {

  /** Copies the lists; refuses counts that do not fit the network. */
  public ModelCard {
    classes = List.copyOf(classes);
    channelMinimum = List.copyOf(channelMinimum);
    channelMaximum = List.copyOf(channelMaximum);
    if (classes.size() != network.classes()) {
      throw new IllegalArgumentException(
          "%d class names for a network of %d classes"
              .formatted(classes.size(), network.classes()));
    }
    int channels = network.latent().channels();
    int ranges = channelMinimum.size();
    if ((ranges != channels && ranges != 0) || channelMaximum.size() != ranges) {
      throw new IllegalArgumentException(
          "%d least and %d greatest values for %d latent channels"
              .formatted(channelMinimum.size(), channelMaximum.size(), channels));
    }
  }

  /** The same but for the grid that position embeddings are laid over. */
  public ModelCard with(PositionGrid positions) {
    return new ModelCard(
        network.with(positions),
        classes,
        autoencoder,
        autoencoderFingerprint,
        scale,
        channelMinimum,
        channelMaximum,
        prediction);
  }

  /**
   * The ranges that a sampler may limit the predicted x_0 to.
   *
   * @throws SettingsException if they are not known
   */
  @JsonIgnore
  public ChannelRanges channelRanges() {
    if (channelMinimum.isEmpty()) {
      throw new SettingsException(
          "the range of latents that the model was trained on is not known, since its weights come"
              + " from elsewhere: it cannot be sampled with sample.clamp = data");
    }
    return new ChannelRanges(floats(channelMinimum), floats(channelMaximum));
  }

  private static float[] floats(List<Float> values) {
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }
}
