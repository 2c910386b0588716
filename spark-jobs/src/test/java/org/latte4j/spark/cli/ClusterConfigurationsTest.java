package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.internal.config.ConfigEntry;
import org.apache.spark.internal.config.Network$;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.latte4j.model.settings.Settings;
import org.latte4j.spark.train.TrainSettings;

/** The files of {@code conf/clusters}: every key is one that Latte4J or Spark knows. */
class ClusterConfigurationsTest {
  private static final Path FOLDER = Path.of("../conf/clusters");

  /** Properties that Spark makes up as it goes, or that modules know which are not here. */
  private static final String UNREGISTERED =
      "spark\\.(executorEnv|kubernetes|yarn)\\..*|spark\\.local\\.dir|spark\\.(executor|task)\\.resource\\.gpu\\..*";

  /** Spark knows a key as soon as the class that holds it is loaded. */
  @BeforeAll
  static void loadSparksKeys() {
    assertThat(Network$.MODULE$.NETWORK_TIMEOUT().key()).isEqualTo("spark.network.timeout");
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "standalone", "yarn", "kubernetes"})
  void everyKeyIsKnownAndEveryValueIsReadable(String name) {
    Settings settings = load(FOLDER.resolve(name + ".conf"));
    SparkConf conf = SparkApplication.configuration("test", settings, Optional.empty());
    Map<String, String> given = settings.map("spark.properties");
    assertThat(given).isNotEmpty();
    for (String key : given.keySet()) {
      String full = "spark." + key;
      if (!full.matches(UNREGISTERED)) {
        ConfigEntry<?> entry = ConfigEntry.findEntry(full);
        assertThat(entry).as(full).isNotNull();
        assertThat((Object) conf.get(entry)).as(full).isNotNull();
      }
    }
    assertThat(conf.get("spark.executor.extraJavaOptions"))
        .contains("--add-modules jdk.incubator.vector")
        .doesNotContain("-Xmx");
    assertThat(TrainSettings.from(settings).threadsPerWorker())
        .isEqualTo(conf.getInt("spark.task.cpus", 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"standalone", "yarn", "kubernetes"})
  void gpusComeOnTopAndLeaveEveryExecutorOneTask(String name) {
    SparkConf conf =
        SparkApplication.configuration(
            "test",
            load(FOLDER.resolve(name + ".conf"), FOLDER.resolve("gpu.conf")),
            Optional.empty());
    assertThat(conf.getInt("spark.executor.cores", 0)).isEqualTo(conf.getInt("spark.task.cpus", 0));
    assertThat(conf.get("spark.task.resource.gpu.amount")).isEqualTo("1");
    assertThat(conf.get("spark.executorEnv.CUDA_DEVICE_ORDER")).isEqualTo("PCI_BUS_ID");
  }

  @Test
  void memoryOfAContainerIsMoreThanTheProcessMayTake() {
    for (String name : List.of("yarn", "kubernetes")) {
      SparkConf conf =
          SparkApplication.configuration(
              "test", load(FOLDER.resolve(name + ".conf")), Optional.empty());
      long container =
          conf.getSizeAsGb("spark.executor.memory")
              + conf.getSizeAsGb("spark.executor.memoryOverhead");
      assertThat(conf.get("spark.executor.extraJavaOptions"))
          .as(name)
          .contains("maxphysicalbytes=" + (container - 1) + "g");
    }
  }

  private static Settings load(Path... files) {
    return Settings.load(List.of(files), Map.of());
  }
}
