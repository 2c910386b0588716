package org.latte4j.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.shard.ShardFormatException;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.LocalSpark;

/** Runs whose clips are trained together with single images. */
class JointTrainingTest {
  private static final Map<String, String> WITH_IMAGES =
      Map.of("train.images", "2", "train.rounds", "2");

  private static JavaSparkContext spark;

  @TempDir Path folder;

  @BeforeAll
  static void startSpark() {
    TinyTraining.shards();
    spark = LocalSpark.start("local[2]");
  }

  @AfterAll
  static void stopSpark() {
    spark.close();
  }

  @Test
  void runThatStoppedGoesOnToTheSameWeights() throws IOException {
    TinyTraining.train(spark, WITH_IMAGES, folder.resolve("whole"));
    Path run = folder.resolve("stopped");
    TinyTraining.train(spark, with("train.rounds", "1"), run);
    TinyTraining.train(spark, WITH_IMAGES, run);
    Map<String, byte[]> whole = TinyTraining.weights(folder.resolve("whole"), 4);
    Map<String, byte[]> resumed = TinyTraining.weights(run, 4);
    assertThat(resumed.keySet()).isEqualTo(whole.keySet());
    whole.forEach((name, bytes) -> assertThat(resumed.get(name)).as(name).isEqualTo(bytes));
  }

  @Test
  void listDecidesWhatIsTrainedOnWhereverItLies() throws IOException {
    Path list = list("list.txt", "v_Cup_g01_c01/3.jpg\n");
    Path run = folder.resolve("run");
    TrainResult listed =
        TinyTraining.train(
            spark, with("train.image-list", list.toString(), "train.rounds", "1"), run);
    TrainResult all = TinyTraining.train(spark, with("train.rounds", "1"), folder.resolve("all"));
    assertThat(listed.losses()).isNotEqualTo(all.losses());

    Path moved = list("moved.txt", "v_Cup_g01_c01/3.jpg\n");
    TinyTraining.train(spark, with("train.image-list", moved.toString()), run);
    Path other = list("other.txt", "v_Cup_g01_c01/4.jpg\n");
    Map<String, String> changed = with("train.image-list", other.toString(), "train.rounds", "3");
    assertThatThrownBy(() -> TinyTraining.train(spark, changed, run))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("it was trained on other shards");
  }

  @Test
  void videosThatTheShardsLackAreToldAndFramesThatAVideoLacksAreRefused() throws IOException {
    List<String> warnings = new ArrayList<>();
    Path list = list("list.txt", "v_Cup_g01_c01/3.jpg\nv_Gone_g01_c01/3.jpg\n");
    TinyTraining.job(
            spark,
            with("train.image-list", list.toString(), "train.rounds", "1"),
            folder.resolve("run"))
        .listener(
            new RunListener<RunDescription>() {
              @Override
              public void warned(String message) {
                warnings.add(message);
              }
            })
        .execute();
    assertThat(warnings).singleElement().asString().contains("1 videos", "v_Gone_g01_c01");

    Path late = list("late.txt", "v_Cup_g01_c01/3000.jpg\n");
    assertThatThrownBy(
            () ->
                TinyTraining.train(
                    spark, with("train.image-list", late.toString()), folder.resolve("late")))
        .isInstanceOf(ShardFormatException.class)
        .hasMessageContainingAll("3000", "Cup/v_Cup_g01_c01.mp4", "train.image-list-first");
  }

  @Test
  void compressionFramesAreRefusedBeforeAnythingIsTrained() {
    Map<String, String> settings = with("model.patch-embedding", "compression");
    assertThatThrownBy(() -> TinyTraining.train(spark, settings, folder.resolve("run")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContainingAll("train.images", "compression");
  }

  private Path list(String name, String lines) throws IOException {
    return Files.writeString(folder.resolve(name), lines);
  }

  private static Map<String, String> with(String... more) {
    Map<String, String> settings = new HashMap<>(WITH_IMAGES);
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }
}
