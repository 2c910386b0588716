package org.latte4j.spark.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.latte.TextConditioning;
import org.latte4j.spark.LocalSpark;
import org.latte4j.spark.StandaloneCluster;

class SampleOnClusterTest {
  @TempDir Path folder;

  @Test
  void oneTwoAndThreeExecutorsMakeTheSameVideosInBatchesOfAnySize() throws IOException {
    Path model = TinyModel.write(folder.resolve("model"), Prediction.VELOCITY, "Cup", "Face");
    Path told = TinyModel.writeTold(folder.resolve("told"));
    Path texts =
        TinyModel.writeTexts(
            folder.resolve("texts.safetensors"), TextConditioning.TOKENS, "a cup", "a face");
    Map<String, byte[]> one;
    Map<String, byte[]> oneTold;
    try (JavaSparkContext spark = LocalSpark.start("local[1]")) {
      one = sample(spark, model, "one", 3, "");
      oneTold = sample(spark, told, "told-one", 3, texts.toString());
    }
    assertThat(one).hasSize(6 * 7);
    assertThat(oneTold).hasSize(6 * 7);
    try (StandaloneCluster cluster = StandaloneCluster.start(3, 1)) {
      for (int executors = 2; executors <= 3; executors++) {
        SparkConf conf = cluster.conf().set("spark.cores.max", "" + executors);
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
          Map<String, byte[]> several = sample(spark, model, "on-" + executors, executors - 1, "");
          assertThat(spark.sc().getExecutorMemoryStatus().size()).isEqualTo(executors + 1);
          assertThat(several.keySet()).isEqualTo(one.keySet());
          assertThat(several)
              .allSatisfy((name, bytes) -> assertThat(bytes).isEqualTo(one.get(name)));
          assertThat(sample(spark, told, "told-" + executors, executors - 1, texts.toString()))
              .hasSameSizeAs(oneTold)
              .allSatisfy((name, bytes) -> assertThat(bytes).isEqualTo(oneTold.get(name)));
        }
      }
    }
  }

  private Map<String, byte[]> sample(
      JavaSparkContext spark, Path model, String name, int batchSize, String texts)
      throws IOException {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "sample.videos-per-class", "3",
                "sample.frames", "7",
                "sample.guidance-interval", "0.1,20",
                "sample.batch-size", "" + batchSize,
                "sample.text-embeddings", texts));
    new SampleJob(
            spark,
            TinyModel.settings(settings),
            TinyModel.hadoop(model),
            TinyModel.hadoop(folder.resolve(name)))
        .execute();
    return SampleJobTest.pictures(folder.resolve(name));
  }
}
