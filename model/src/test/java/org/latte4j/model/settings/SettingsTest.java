package org.latte4j.model.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  private enum Layout {
    FOLDER,
    FRAME_FOLDER
  }

  private static final Config DEFAULTS =
      ConfigFactory.parseString(
          """
          train { rounds = 10, rate = 1e-4, seed = 0, enabled = true, name = run, tag = "" }
          source { layout = folder, classes = [], timeout = 30s, memory = 64MiB, token = "" }
          spark.properties {}
          """);

  @TempDir Path folder;

  @Test
  void laterFilesWinAndOverridesWinOverFiles() throws IOException {
    Path first = write("first.conf", "train { rounds = 1, rate = 0.1, name = a }");
    Path second = write("second.conf", "train { rounds = 2, rate = 0.2 }");
    Settings settings = load(List.of(first, second), Map.of("train.rounds", "3"));
    assertThat(settings.integer("train.rounds", 1, 100)).isEqualTo(3);
    assertThat(settings.number("train.rate", 0, 1)).isEqualTo(0.2);
    assertThat(settings.text("train.name")).isEqualTo("a");
    assertThat(settings.wholeNumber("train.seed", 0, Long.MAX_VALUE)).isZero();
  }

  @Test
  void aFileMayIncludeAnotherAndReferToItsValues() throws IOException {
    write("base.conf", "train.rounds = 4");
    Path file = write("top.conf", "include \"base.conf\"\ntrain.name = run-${train.rounds}");
    assertThat(load(List.of(file)).text("train.name")).isEqualTo("run-4");
  }

  @Test
  void aFileMayReferToADefault() throws IOException {
    Path file = write("a.conf", "train.name = run-${train.rounds}");
    assertThat(load(List.of(file)).text("train.name")).isEqualTo("run-10");
  }

  @Test
  void unknownKeyIsRefusedWithFileLineAndTheNearestKnownKey() throws IOException {
    Path file = write("a.conf", "\ntrain.round = 4");
    assertThatThrownBy(() -> load(List.of(file)))
        .isInstanceOf(SettingsException.class)
        .hasMessage(file + ":2: unknown setting train.round (did you mean train.rounds?)");
  }

  @Test
  void unknownKeyInTheWrongSectionFindsTheKeyOfThatName() {
    assertThatThrownBy(() -> override("optimiser.rate", "1"))
        .hasMessage("--set: unknown setting optimiser.rate (did you mean train.rate?)");
  }

  @Test
  void allUnknownKeysAreNamedAtOnce() throws IOException {
    Path file = write("a.conf", "train.zzzzzz = 1");
    assertThatThrownBy(() -> load(List.of(file), Map.of("quux", "1")))
        .hasMessageContaining("train.zzzzzz")
        .hasMessageContaining("quux");
  }

  @Test
  void missingFileIsNamed() {
    Path missing = folder.resolve("none.conf");
    assertThatThrownBy(() -> load(List.of(missing)))
        .isInstanceOf(SettingsException.class)
        .hasMessage(missing + ": no such settings file");
  }

  @Test
  void malformedOverrideKeyIsRefused() {
    assertThatThrownBy(() -> override("train..rounds", "1"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("train..rounds");
  }

  @Test
  void aFileMayExtendADefault() throws IOException {
    Path file = write("a.conf", "source.classes = ${source.classes} [a]");
    assertThat(load(List.of(file)).list("source.classes")).containsExactly("a");
  }

  @Test
  void malformedFileIsNamedWithTheLine() throws IOException {
    Path file = write("a.conf", "train {\n  rounds = [\n}");
    assertThatThrownBy(() -> load(List.of(file)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("a.conf: 3");
  }

  @Test
  void unresolvedSubstitutionIsASettingsError() throws IOException {
    Path file = write("a.conf", "train.name = ${no.such.key}");
    assertThatThrownBy(() -> load(List.of(file)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("no.such.key");
  }

  @Test
  void valueForASectionIsRefused() {
    assertThatThrownBy(() -> override("train", "1"))
        .hasMessage("--set: train is a section of settings, not a value");
  }

  @Test
  void sectionForAValueIsRefused() throws IOException {
    Path file = write("a.conf", "train.rounds { a = 1 }");
    assertThatThrownBy(() -> load(List.of(file)))
        .hasMessage(file + ":1: train.rounds is a value, not a section of settings");
  }

  @Test
  void nullIsRefused() throws IOException {
    Path file = write("a.conf", "train.rounds = null");
    assertThatThrownBy(() -> load(List.of(file))).hasMessageContaining("train.rounds is null");
  }

  @Test
  void integerOutOfRangeNamesPlaceValueAndRange() throws IOException {
    Path file = write("a.conf", "train.rounds = 0");
    Settings settings = load(List.of(file));
    assertThatThrownBy(() -> settings.integer("train.rounds", 1, 50))
        .isInstanceOf(SettingsException.class)
        .hasMessage(file + ":1: train.rounds = 0: it must be an integer from 1 to 50");
  }

  @Test
  void openRangeNamesItsLowerBoundOnly() {
    Settings settings = override("train.rounds", "-1");
    assertThatThrownBy(() -> settings.integer("train.rounds", 1, Integer.MAX_VALUE))
        .hasMessage("--set: train.rounds = \"-1\": it must be an integer of at least 1");
  }

  @Test
  void fractionIsNotAnInteger() throws IOException {
    Settings settings = load(List.of(write("a.conf", "train.rounds = 1.5")));
    assertThatThrownBy(() -> settings.integer("train.rounds", 1, 50))
        .hasMessageContaining("train.rounds = 1.5");
  }

  @Test
  void wholeNumberMayBeWrittenWithAnExponent() {
    assertThat(override("train.rounds", "1e3").integer("train.rounds", 1, 5000)).isEqualTo(1000);
  }

  @Test
  void numberOutOfRangeOrNotANumberIsRefused() {
    for (String value : List.of("2", "NaN", "Infinity", "fast", "")) {
      Settings settings = override("train.rate", value);
      assertThatThrownBy(() -> settings.number("train.rate", 0, 1))
          .as(value)
          .hasMessageEndingWith("it must be a number from 0.0 to 1.0");
    }
  }

  @Test
  void flagIsTrueOrFalseOnly() {
    assertThat(override("train.enabled", "false").flag("train.enabled")).isFalse();
    assertThatThrownBy(() -> override("train.enabled", "yes").flag("train.enabled"))
        .hasMessageEndingWith("it must be true or false");
  }

  @Test
  void choiceIsWrittenInKebabCase() {
    Settings settings = override("source.layout", "frame-folder");
    assertThat(settings.oneOf("source.layout", Layout.class)).isEqualTo(Layout.FRAME_FOLDER);
  }

  @Test
  void unknownChoiceNamesAllOfThem() {
    Settings settings = override("source.layout", "FOLDER");
    assertThatThrownBy(() -> settings.oneOf("source.layout", Layout.class))
        .hasMessage("--set: source.layout = \"FOLDER\": it must be one of folder, frame-folder");
  }

  @Test
  void blankTextIsRefusedUnlessItIsOptional() {
    Settings settings = load(List.of());
    assertThatThrownBy(() -> settings.text("train.tag")).hasMessageContaining("train.tag");
    assertThat(settings.optionalText("train.tag")).isEmpty();
    assertThat(settings.optionalText("train.name")).contains("run");
  }

  @Test
  void listIsReadFromFilesAndOverrides() throws IOException {
    Settings file = load(List.of(write("a.conf", "source.classes = [0, Biking]")));
    assertThat(file.list("source.classes")).containsExactly("0", "Biking");
    assertThat(override("source.classes", "0,Biking").list("source.classes"))
        .containsExactly("0", "Biking");
    assertThat(override("source.classes", "[0, Biking]").list("source.classes"))
        .containsExactly("0", "Biking");
    assertThat(override("source.classes", "").list("source.classes")).isEmpty();
  }

  @Test
  void scalarForAListAndListForAScalarAreRefused() throws IOException {
    Settings settings = load(List.of(write("a.conf", "source.classes = 1\ntrain.rounds = [1]")));
    assertThatThrownBy(() -> settings.list("source.classes")).hasMessageContaining("a list");
    assertThatThrownBy(() -> settings.integer("train.rounds", 1, 2))
        .hasMessageContaining("train.rounds = [1]");
  }

  @Test
  void durationAndBytesHaveUnits() {
    Settings settings = load(List.of(), Map.of("source.memory", "2g"));
    assertThat(settings.duration("source.timeout")).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.bytes("source.memory", 1, Long.MAX_VALUE)).isEqualTo(2L << 30);
    assertThatThrownBy(() -> override("source.timeout", "soon").duration("source.timeout"))
        .hasMessageContaining("source.timeout");
    assertThatThrownBy(() -> override("source.timeout", "-1s").duration("source.timeout"))
        .hasMessageContaining("source.timeout");
    assertThatThrownBy(() -> settings.bytes("source.memory", 1, 1024))
        .hasMessageContaining("from 1 to 1024 bytes");
  }

  @Test
  void openSectionTakesAnyKeys() throws IOException {
    Path file = write("a.conf", "spark.properties { executor { memory = 4g }, \"ui.port\" = 1 }");
    Settings settings = load(List.of(file), Map.of("spark.properties.driver.cores", "2"));
    assertThat(settings.map("spark.properties"))
        .isEqualTo(Map.of("executor.memory", "4g", "ui.port", "1", "driver.cores", "2"));
  }

  @Test
  void aNameThatBeginsAnotherStandsBesideItInAnOpenSection() throws IOException {
    Path file = write("a.conf", "spark.properties { on = true, \"on.every\" = 50ms, b.c = 1 }");
    Map<String, String> overrides = new LinkedHashMap<>();
    overrides.put("spark.properties.on.share", "0.5");
    overrides.put("spark.properties.b", "2");
    assertThat(load(List.of(file), overrides).map("spark.properties"))
        .isEqualTo(
            Map.of("on", "true", "on.every", "50ms", "on.share", "0.5", "b", "2", "b.c", "1"));
  }

  @Test
  void laterLayersWinInOpenSectionsHoweverTheKeyIsWritten() throws IOException {
    Path quoted = write("a.conf", "spark.properties { \"a.b\" = 1, \"c.d\" = 1 }");
    Path nested = write("b.conf", "spark.properties { a { b = 2 }, c { d = 2 } }");
    assertThat(
            load(List.of(quoted, nested), Map.of("spark.properties.\"c.d\"", "3"))
                .map("spark.properties"))
        .isEqualTo(Map.of("a.b", "2", "c.d", "3"));
    assertThat(load(List.of(nested, quoted)).map("spark.properties"))
        .isEqualTo(Map.of("a.b", "1", "c.d", "1"));
  }

  @Test
  void settingIsGivenEvenWithItsDefaultValue() {
    assertThat(override("train.rounds", "10").given("train.rounds")).isTrue();
    assertThat(override("train.rate", "1").given("train.rounds")).isFalse();
  }

  @Test
  void ownersErrorNamesTheValuesPlace() {
    Settings settings = override("train.rounds", "7");
    assertThat(settings.invalid("train.rounds", "even"))
        .hasMessage("--set: train.rounds = \"7\": it must be even");
  }

  @Test
  void provenanceMasksSecrets() throws IOException {
    Path file = write("a.conf", "spark.properties { fs.s3a { secret.key = abc, endpoint = e } }");
    String json = load(List.of(file), Map.of("source.token", "xyz")).resolvedJson();
    assertThat(json).doesNotContain("abc").doesNotContain("xyz").contains("endpoint\" : \"e\"");
  }

  @Test
  void errorAboutASecretDoesNotShowIt() {
    Settings settings = override("source.token", "xyz");
    assertThat(settings.invalid("source.token", "shorter").getMessage()).doesNotContain("xyz");
  }

  @Test
  void provenanceMasksSecretsInsideOfValues() {
    Settings settings =
        override("spark.properties.executor.extraJavaOptions", "-Da.password=xyz -Db=y");
    assertThat(settings.resolvedJson()).doesNotContain("xyz").contains("-Db=y");
    assertThat(settings.map("spark.properties")).containsValue("-Da.password=xyz -Db=y");
  }

  @Test
  void secretValuesAreKnownToThoseWhoKeepThemOutOfTexts() {
    assertThat(override("spark.properties.hadoop.fs.s3a.secret.key", "xyz").secretValues())
        .containsExactly("xyz");
  }

  @Test
  void aMalformedLineWithASecretIsNotQuoted() throws IOException {
    Path file = write("a.conf", "spark.properties {\n  a.password = xyz = xyz\n}");
    assertThatThrownBy(() -> load(List.of(file)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("not readable as HOCON")
        .hasMessageContaining("line 2")
        .hasMessageNotContaining("xyz");
  }

  @Test
  void keyThatNoModuleKnowsIsAProgrammingError() {
    Settings settings = load(List.of());
    assertThatThrownBy(() -> settings.text("no.such")).isInstanceOf(IllegalStateException.class);
  }

  private Settings override(String key, String value) {
    Map<String, String> overrides = new LinkedHashMap<>();
    overrides.put(key, value);
    return load(List.of(), overrides);
  }

  private static Settings load(List<Path> files) {
    return load(files, Map.of());
  }

  private static Settings load(List<Path> files, Map<String, String> overrides) {
    return Settings.load(DEFAULTS, files, overrides);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
