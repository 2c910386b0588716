package org.latte4j.spark.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.spark.LocalSpark;
import org.latte4j.spark.StandaloneCluster;
import org.latte4j.spark.history.HistoryEntry.Band;
import org.latte4j.spark.history.HistoryEntry.Validation;
import org.latte4j.spark.history.RunHistory;

class ValidationOnClusterTest {
  @TempDir Path folder;

  @Test
  void oneThreadAndTwoProcessesValidateToTheSameBitsAndDrawTheSameSheet() throws IOException {
    try (JavaSparkContext spark = LocalSpark.start("local[1]")) {
      TinyRun.encode(spark, folder.resolve("shards"));
      train(spark, "one");
    }
    try (StandaloneCluster processes = StandaloneCluster.start(2, 1);
        JavaSparkContext spark = new JavaSparkContext(processes.conf())) {
      train(spark, "two");
    }
    List<List<Band>> one = bands("one");
    assertThat(one).hasSize(2);
    assertThat(bands("two")).isEqualTo(one);
    assertThat(folder.resolve("two/samples/round-000002.png"))
        .hasSameBinaryContentAs(folder.resolve("one/samples/round-000002.png"));
  }

  private void train(JavaSparkContext spark, String run) throws IOException {
    TinyRun.job(
            spark,
            TinyRun.settings(Map.of("train.rounds", "2")),
            folder.resolve("shards"),
            folder.resolve(run))
        .execute();
  }

  private List<List<Band>> bands(String run) throws IOException {
    return RunHistory.open(TinyRun.hadoop(folder.resolve(run)), new Configuration())
        .all(Validation.class)
        .stream()
        .map(Validation::bands)
        .toList();
  }
}
