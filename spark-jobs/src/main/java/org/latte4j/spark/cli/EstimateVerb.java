package org.latte4j.spark.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.shard.LatentEncoding;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.Manifest;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LattePlan;
import org.latte4j.model.latte.LatteSettings;
import org.latte4j.model.latte.TextConditioning;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.estimate.Estimate;
import org.latte4j.spark.train.TrainSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code estimate}: what a configuration will take. */
@Command(
    name = "estimate",
    description =
        "Parameters, multiply-adds and memory of a configuration (model.*, train.*), found"
            + " by running the network on kernels that only count. Latents and classes come from"
            + " shards, or from the options.")
final class EstimateVerb extends Verb {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})(?:x(\\d{1,5}))?");

  @Option(
      names = "--shards",
      paramLabel = "DIR",
      description = "Take latents and classes from these shards; the options below are not read.")
  private Optional<String> shards;

  @Option(
      names = "--latent",
      defaultValue = "32",
      paramLabel = "SIDE|HxW",
      description = "Height and width of a latent frame (default: ${DEFAULT-VALUE}).")
  private String latent;

  @Option(
      names = "--channels",
      defaultValue = "4",
      description = "Channels of a latent frame (default: ${DEFAULT-VALUE}).")
  private int channels;

  @Option(
      names = "--classes",
      defaultValue = "0",
      description = "Classes; 0 for a model without (default: ${DEFAULT-VALUE}).")
  private int classes;

  @Override
  protected Object run(Invocation invocation) throws IOException {
    Settings settings = invocation.settings();
    LatteConfiguration network = network(settings);
    TrainSettings train = TrainSettings.from(settings);
    Estimate estimate;
    try {
      estimate =
          Estimate.of(
              network,
              new LattePlan(train.passSamples(), train.images().perClip(), train.purpose()));
    } catch (IllegalArgumentException e) {
      throw new SettingsException(e.getMessage(), e);
    }
    estimate.lines().forEach(invocation.out()::println);
    return estimate;
  }

  private LatteConfiguration network(Settings settings) throws IOException {
    if (shards.isPresent()) {
      Manifest manifest =
          LatentShards.open(new Path(shards.get()), SparkApplication.hadoop(settings)).manifest();
      LatentEncoding encoding = manifest.encoding();
      boolean told = LatteSettings.architecture(settings).text() != TextConditioning.NONE;
      return LatteSettings.network(
          settings,
          encoding.channels(),
          encoding.height(),
          encoding.width(),
          told ? 0 : manifest.classes().size());
    }
    Matcher size = SIZE.matcher(latent);
    if (!size.matches() || channels < 1 || classes < 0) {
      throw new SettingsException(
          "--latent must be a side or HxW such as 32 or 32x48, --channels at least 1, --classes not"
              + " negative");
    }
    int height = Integer.parseInt(size.group(1));
    int width = size.group(2) == null ? height : Integer.parseInt(size.group(2));
    return LatteSettings.network(settings, channels, height, width, classes);
  }
}
