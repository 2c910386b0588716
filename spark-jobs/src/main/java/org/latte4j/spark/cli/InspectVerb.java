package org.latte4j.spark.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.ManifestFile;
import org.latte4j.model.autoencoder.Autoencoder;
import org.latte4j.model.autoencoder.Autoencoders;
import org.latte4j.model.kernels.KernelsChoice;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.checkpoint.Checkpoint;
import org.latte4j.spark.checkpoint.TrainedModel;
import org.latte4j.spark.convert.ConversionInput;
import org.latte4j.spark.inspect.CheckpointSummary;
import org.latte4j.spark.inspect.ExportSummary;
import org.latte4j.spark.inspect.LatentSheet;
import org.latte4j.spark.inspect.ShardSummary;
import org.latte4j.spark.inspect.WeightsSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code inspect}: what shards, checkpoints and weights hold, and whether they are whole. */
@Command(
    name = "inspect",
    description = "Show what shards, a checkpoint or weights hold, and check that they are whole.")
final class InspectVerb extends Verb {
  @Parameters(
      paramLabel = "PATH",
      description =
          "A shard folder, a checkpoint, a training run (its newest whole checkpoint), a folder with"
              + " model.safetensors and model.json, or weights alone: a .safetensors, .pt or .zip"
              + " file, or a diffusers folder.")
  private String folder;

  @Option(
      names = "--checksums",
      description =
          "Read every file and compare its checksum; without it, lengths alone. A folder with"
              + " model.safetensors has no checksums.")
  private boolean checksums;

  @Option(
      names = "--sheet",
      paramLabel = "FILE.png",
      description = "Write a picture of decoded latents (shard folders only).")
  private Optional<java.nio.file.Path> sheet;

  @Option(
      names = "--autoencoder",
      paramLabel = "DIR",
      description = "Folder of the autoencoder for --sheet; the built-in one needs none.")
  private Optional<String> autoencoder;

  @Override
  protected Object run(Invocation invocation) throws IOException {
    Configuration hadoop = SparkApplication.hadoop(invocation.settings());
    Path path = new Path(folder);
    if (ManifestFile.existsIn(path, hadoop)) {
      ShardSummary summary = shards(LatentShards.open(path, hadoop));
      print(summary.lines(), invocation);
      return summary;
    }
    if (path.getFileSystem(hadoop).exists(path)) {
      ConversionInput weights = ConversionInput.find(folder, hadoop);
      if (weights.isAlone()) {
        return weights(weights, invocation);
      }
    }
    TrainedModel model = TrainedModel.find(path, hadoop);
    if (model.isExport()) {
      ExportSummary summary = ExportSummary.of(model);
      summary.lines().forEach(invocation.out()::println);
      invocation.out().println("whole: the weights have the length that their header says");
      return summary;
    }
    CheckpointSummary summary = checkpoint(Checkpoint.find(path, hadoop));
    print(summary.lines(), invocation);
    return summary;
  }

  private static WeightsSummary weights(ConversionInput weights, Invocation invocation)
      throws IOException {
    WeightsSummary summary = WeightsSummary.of(weights);
    summary.lines().forEach(invocation.out()::println);
    return summary;
  }

  private ShardSummary shards(LatentShards shards) throws IOException {
    if (checksums) {
      shards.verifyContents();
    } else {
      shards.verifyLengths();
    }
    if (sheet.isPresent()) {
      writeSheet(shards, sheet.get());
    }
    return ShardSummary.of(folder, shards.manifest());
  }

  private void writeSheet(LatentShards shards, java.nio.file.Path target) throws IOException {
    String fingerprint = shards.manifest().encoding().autoencoder();
    String name =
        autoencoder
            .or(() -> Autoencoders.builtIn(fingerprint))
            .orElseThrow(
                () ->
                    new SettingsException(
                        "--sheet needs --autoencoder DIR: the latents were made by "
                            + fingerprint));
    try (Autoencoder opened = Autoencoders.open(name, () -> KernelsChoice.forBackend(1))) {
      new LatentSheet(shards, opened).write(target);
    } catch (IllegalArgumentException e) {
      throw new SettingsException("--autoencoder: " + e.getMessage(), e);
    }
  }

  private CheckpointSummary checkpoint(Checkpoint checkpoint) throws IOException {
    if (checksums) {
      checkpoint.verify();
    }
    return CheckpointSummary.of(checkpoint);
  }

  private void print(List<String> lines, Invocation invocation) {
    lines.forEach(invocation.out()::println);
    invocation
        .out()
        .println(checksums ? "whole: lengths and checksums match" : "whole: lengths match");
  }
}
