package org.latte4j.spark.train;

import java.util.List;
import org.latte4j.data.shard.ChannelRange;
import org.latte4j.data.shard.LatentEncoding;
import org.latte4j.data.shard.Manifest;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LatteSettings;
import org.latte4j.model.latte.TextConditioning;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;

/** The model that settings and a data set describe together. */
final class ManifestModel {
  private ManifestModel() {}

  /**
   * Sizes from {@code model.*}, latent size and classes from the manifest. A network that is told
   * texts is told no classes.
   *
   * @throws SettingsException if they do not fit together
   */
  static ModelCard card(Settings settings, Manifest manifest) {
    LatentEncoding encoding = manifest.encoding();
    boolean told = LatteSettings.architecture(settings).text() != TextConditioning.NONE;
    List<String> classes = told ? List.of() : manifest.classes();
    LatteConfiguration network =
        LatteSettings.network(
            settings, encoding.channels(), encoding.height(), encoding.width(), classes.size());
    List<ChannelRange> ranges = manifest.channelRanges();
    return new ModelCard(
        network,
        classes,
        encoding.autoencoder().replaceFirst(":.*", ""),
        encoding.autoencoder(),
        encoding.scale(),
        ranges.stream().map(ChannelRange::min).toList(),
        ranges.stream().map(ChannelRange::max).toList(),
        LatteSettings.prediction(settings));
  }
}
