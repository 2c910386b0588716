package org.latte4j.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.ParameterLayout;
import org.latte4j.model.latte.TextConditioning;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;
import org.latte4j.model.weights.ElementType;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.SafetensorsLayout;
import org.latte4j.model.weights.SafetensorsWriter;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.spark.LocalSpark;
import org.latte4j.spark.checkpoint.TrainedModel;
import org.latte4j.spark.encode.EncodeJob;
import org.latte4j.spark.encode.EncodeProgress;
import org.latte4j.spark.encode.EncodeSettings;

/** Training on clips that texts describe. */
class TextTrainingTest {
  private static final Path EXCERPTS = Path.of("../conf/demo/excerpts").toAbsolutePath();
  private static final String PROJECTION = "text_embedding_projection.1.weight";

  @TempDir Path folder;

  @Test
  void textsOfShardsTrainTheProjectionUnlessTheyAreLeftOut() throws IOException {
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      encode(spark);
      float[] initial = initial();
      assertThat(projection(train(spark, "told", Map.of()))).isNotEqualTo(initial);
      // A text of zeros moves nothing but the bias.
      Map<String, String> never = Map.of("model.class-dropout", "1");
      assertThat(projection(train(spark, "left-out", never))).isEqualTo(initial);
    }
  }

  private void encode(JavaSparkContext spark) throws IOException {
    Map<String, String> more = new HashMap<>();
    more.put("source.text-embeddings", folder.resolve("texts").toString());
    for (String video : List.of("Cup/v_Cup_g01_c01.mp4", "Ocean/v_Ocean_g01_c01.mp4")) {
      Path target = folder.resolve("videos").resolve(video);
      Files.createDirectories(target.getParent());
      Files.copy(EXCERPTS.resolve(video), target);
      Path text = folder.resolve("texts").resolve(video + ".safetensors");
      Files.createDirectories(text.getParent());
      float[] values = new float[TextConditioning.CLIP.length()];
      RandomStream.of(video.length(), Purpose.NOISE, 0).normals(values);
      SafetensorsWriter.save(
          text,
          SafetensorsLayout.builder()
              .array("text", ElementType.F16, TextConditioning.TOKENS, TextConditioning.WIDTH)
              .build(),
          writer -> writer.write("text", values));
    }
    new EncodeJob(
            spark,
            folder.resolve("videos").toString(),
            folder.resolve("shards").toString(),
            EncodeSettings.from(TinyTraining.settings(more)),
            EncodeProgress.NONE)
        .execute();
  }

  private TrainedModel train(JavaSparkContext spark, String name, Map<String, String> more)
      throws IOException {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("model.text", "clip");
    settings.put("train.rounds", "1");
    // Gradients reach the condition when the modules behind it are no longer zero.
    settings.put("train.local-steps", "4");
    settings.put("train.validation.share", "0");
    Path run = folder.resolve(name);
    new TrainJob(
            spark,
            TinyTraining.settings(settings),
            TinyTraining.hadoop(folder.resolve("shards")),
            TinyTraining.hadoop(run))
        .execute();
    return TrainedModel.find(TinyTraining.hadoop(run), new Configuration());
  }

  private static float[] projection(TrainedModel model) throws IOException {
    LatteConfiguration network = model.card().network();
    assertThat(network.architecture().text()).isEqualTo(TextConditioning.CLIP);
    assertThat(network.classes()).isZero();
    try (WeightSource weights = model.weights(Part.MODEL)) {
      return weights.floats(PROJECTION);
    }
  }

  private float[] initial() throws IOException {
    LatteConfiguration network =
        ManifestModel.card(
                TinyTraining.settings(Map.of("model.text", "clip")),
                LatentShards.open(
                        TinyTraining.hadoop(folder.resolve("shards")), new Configuration())
                    .manifest())
            .network();
    return new ParameterLayout(network).parameter(PROJECTION).initialValues(0);
  }
}
