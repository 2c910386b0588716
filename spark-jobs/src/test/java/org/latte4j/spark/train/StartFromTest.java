package org.latte4j.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.PositionGrid;
import org.latte4j.model.latte.PositionTables;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.TorchCheckpoint;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.spark.LocalSpark;
import org.latte4j.spark.checkpoint.TrainedModel;
import org.latte4j.spark.convert.Conversion;
import org.latte4j.spark.convert.ConversionInput;
import org.latte4j.spark.observe.RunObserver;
import org.latte4j.spark.start.MadeWeights;

/** Runs of the tiny Latte that begin with weights made by hand. */
class StartFromTest {
  @TempDir Path folder;

  @Test
  void anImageModelsSpatialBlocksAreTheFirstStateOfARun() throws IOException {
    Path shards = TinyTraining.shards();
    MadeWeights dit = MadeWeights.dit(network(shards, 4));
    Path run = folder.resolve("run");
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      TinyTraining.train(
          spark,
          standingStill(
              Map.of(
                  "train.start-from",
                  dit.torch(folder.resolve("dit.pt")).toString(),
                  "train.start.temporal-blocks",
                  "spatial-only")),
          run);
    }
    for (Part part : Part.values()) {
      try (WeightSource weights = model(run).weights(part)) {
        String spatial = "blocks.0.adaLN_modulation.1.weight";
        assertThat(weights.floats(spatial)).isEqualTo(dit.floats(spatial));
        assertThat(weights.floats("blocks.1.adaLN_modulation.1.weight")).containsOnly(0f);
      }
    }
    assertThat(run.resolve("checkpoint-2/start.json"))
        .content()
        .contains("labels of an image model", "temporal, begins as the identity");
  }

  @Test
  void positionsOfAShorterModelAreStretchedAndStaySoWhenTheRunGoesOn() throws IOException {
    Path shards = TinyTraining.shards();
    Path start = MadeWeights.latte(network(shards, 2)).safetensors(folder.resolve("s.safetensors"));
    Map<String, String> settings = standingStill(Map.of("train.start-from", start.toString()));
    Path run = folder.resolve("run");
    LatteConfiguration stretched = network(shards, 4).with(new PositionGrid(2, 2, 2));
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      TinyTraining.job(spark, settings, run)
          .listener(RunObserver.ofLatte(spark, TinyTraining.settings(settings)))
          .execute();
      Files.delete(start);
      settings.put("train.rounds", "2");
      TrainResult result = TinyTraining.train(spark, settings, run);
      assertThat(result.rounds()).isEqualTo(1);
    }
    TrainedModel model = model(run);
    assertThat(model.card().network()).isEqualTo(stretched);
    try (WeightSource weights = model.weights(Part.MODEL)) {
      assertThat(weights.floats("temp_embed")).isEqualTo(PositionTables.of(stretched).temporal());
      assertThat(weights.floats("temp_embed"))
          .isNotEqualTo(PositionTables.of(network(shards, 4)).temporal());
    }
    assertThat(run.resolve("checkpoint-4/start.json")).exists();
    assertThat(run.resolve("report.html"))
        .content()
        .contains("What it began with", "start from " + start, "positions: ");
  }

  @Test
  void aRunBecomesATorchCheckpointOfBothParts() throws IOException {
    TinyTraining.shards();
    Path run = folder.resolve("run");
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      TinyTraining.train(spark, Map.of("train.rounds", "1"), run);
    }
    Path torch = folder.resolve("run.pt");
    new Conversion(
            ConversionInput.find(run.toString(), new Configuration()),
            TinyTraining.settings(Map.of()))
        .to(torch.toString());
    try (WeightSource parameters = model(run).weights(Part.MODEL);
        WeightSource average = model(run).weights(Part.EMA);
        WeightSource torchParameters = TorchCheckpoint.open(torch, Part.MODEL);
        WeightSource torchAverage = TorchCheckpoint.open(torch, Part.EMA)) {
      assertThat(torchParameters.names()).containsExactlyInAnyOrderElementsOf(parameters.names());
      for (String name : parameters.names()) {
        assertThat(torchParameters.floats(name)).isEqualTo(parameters.floats(name));
        assertThat(torchAverage.floats(name)).isEqualTo(average.floats(name));
      }
      String moved = "final_layer.linear.weight";
      assertThat(torchParameters.floats(moved)).isNotEqualTo(torchAverage.floats(moved));
    }
  }

  @Test
  void shardsWithoutTextsDoNotTrainANetworkThatIsToldThem() {
    TinyTraining.shards();
    try (JavaSparkContext spark = LocalSpark.start("local[1]")) {
      assertThatThrownBy(
              () -> TinyTraining.train(spark, Map.of("model.text", "clip"), folder.resolve("run")))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("model.text")
          .hasMessageContaining("their text embeddings are none");
    }
  }

  /** One round that changes nothing. */
  private static Map<String, String> standingStill(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("train.rounds", "1");
    settings.put("train.learning-rate", "0");
    return settings;
  }

  private static LatteConfiguration network(Path shards, int frames) throws IOException {
    LatteConfiguration sizes =
        ManifestModel.card(
                TinyTraining.settings(Map.of()),
                LatentShards.open(TinyTraining.hadoop(shards), new Configuration()).manifest())
            .network();
    LatentShape latent = sizes.latent();
    return new LatteConfiguration(
        sizes.depth(),
        sizes.hiddenSize(),
        sizes.heads(),
        sizes.patchSize(),
        new LatentShape(frames, latent.channels(), latent.height(), latent.width()),
        sizes.classes());
  }

  private static TrainedModel model(Path run) throws IOException {
    return TrainedModel.find(TinyTraining.hadoop(run), new Configuration());
  }
}
