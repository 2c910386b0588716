package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;

class SparkApplicationTest {
  @Test
  void optionWinsOverSettingAndSettingOverTheDefault() {
    Settings settings = Settings.load(List.of(), Map.of("spark.master", "local[3]"));
    assertThat(master(settings, Optional.of("local[2]"))).isEqualTo("local[2]");
    assertThat(master(settings, Optional.empty())).isEqualTo("local[3]");
    assertThat(master(Settings.defaults(), Optional.empty())).isEqualTo("local[*]");
  }

  @Test
  void propertiesReachSpark() {
    Settings settings = Settings.load(List.of(), Map.of("spark.properties.executor.memory", "4g"));
    assertThat(configuration(settings, Optional.empty()).get("spark.executor.memory"))
        .isEqualTo("4g");
  }

  @Test
  void speculationAndWhatBelongsToItReachSparkTogether() {
    Settings settings =
        Settings.load(
            List.of(),
            Map.of(
                "spark.properties.speculation", "true",
                "spark.properties.speculation.interval", "1s"));
    SparkConf conf = configuration(settings, Optional.empty());
    assertThat(conf.get("spark.speculation")).isEqualTo("true");
    assertThat(conf.get("spark.speculation.interval")).isEqualTo("1s");
  }

  @Test
  void speculationHiddenByItsIntervalIsRefused(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("a.conf"),
            "spark.properties { speculation = true, speculation.interval = 1s }");
    Settings settings = Settings.load(List.of(file), Map.of());
    assertThatThrownBy(() -> configuration(settings, Optional.empty()))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("speculation.interval")
        .hasMessageContaining("in quotes");
  }

  @Test
  void executorsLoadTheVectorApiBesideTheUsersOptions() {
    Settings settings =
        Settings.load(List.of(), Map.of("spark.properties.executor.extraJavaOptions", "-Dmine=1"));
    assertThat(configuration(settings, Optional.empty()).get("spark.executor.extraJavaOptions"))
        .isEqualTo(
            "--add-modules jdk.incubator.vector -Dmine=1"
                + " -Dorg.bytedeco.javacpp.maxbytes=0 -Dorg.bytedeco.javacpp.maxphysicalbytes=0");
  }

  @Test
  void theUsersOwnLimitOfNativeMemoryIsKept() {
    String limit = "-Dorg.bytedeco.javacpp.maxbytes=8g";
    Settings settings =
        Settings.load(List.of(), Map.of("spark.properties.executor.extraJavaOptions", limit));
    assertThat(configuration(settings, Optional.empty()).get("spark.executor.extraJavaOptions"))
        .isEqualTo("--add-modules jdk.incubator.vector " + limit);
  }

  @Test
  void masterThatSparkDoesNotKnowIsASettingsError() {
    assertThatThrownBy(
            () -> SparkApplication.start("test", Settings.defaults(), Optional.of("nonsense")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("nonsense")
        .hasMessageContaining("local[N]");
  }

  private static String master(Settings settings, Optional<String> option) {
    return configuration(settings, option).get("spark.master");
  }

  private static SparkConf configuration(Settings settings, Optional<String> master) {
    return SparkApplication.configuration("test", settings, master);
  }
}
