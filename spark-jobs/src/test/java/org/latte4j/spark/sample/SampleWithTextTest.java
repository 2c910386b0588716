package org.latte4j.spark.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.source.InvalidSourceException;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.latte.TextConditioning;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.LocalSpark;

/** Videos of a tiny model that is told texts. */
class SampleWithTextTest {
  @TempDir static Path folder;
  private static JavaSparkContext spark;
  private static Path model;
  private static Path texts;

  @BeforeAll
  static void start() throws IOException {
    spark = LocalSpark.start("local[2]");
    model = TinyModel.writeTold(folder.resolve("model"));
    texts = texts("texts.safetensors", "a cup", "waves/at night");
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @Test
  void aVideoFollowsFromItsTextAndNumberWhateverElseIsMade() throws IOException {
    Map<String, byte[]> both =
        pictures("both", texts, Map.of("sample.videos-per-class", "2", "sample.batch-size", "3"));
    assertThat(both).hasSize(4 * TinyModel.FRAMES);
    assertThat(both.keySet()).contains("a_cup-8a9e8f28_0001/000000.png");
    Path alone = texts("alone.safetensors", "waves/at night");
    Map<String, byte[]> one = pictures("one", alone, Map.of("sample.first-video", "1"));
    assertThat(one).hasSize(TinyModel.FRAMES);
    assertThat(one).allSatisfy((name, bytes) -> assertThat(bytes).isEqualTo(both.get(name)));
  }

  @Test
  void aListGivesTheSameVideosAsTheFileThatItNames() throws IOException {
    Path list =
        Files.writeString(
            folder.resolve("list.csv"),
            "path,file,key\na cup,texts.safetensors,a cup\nsea,texts.safetensors,waves/at night\n");
    Map<String, byte[]> fromFile = pictures("from-file", texts, Map.of());
    Map<String, byte[]> fromList = pictures("from-list", list, Map.of());
    String cup = "a_cup-8a9e8f28_0000/000002.png";
    assertThat(fromList.get(cup)).isNotNull().isEqualTo(fromFile.get(cup));
    assertThat(fromList.keySet()).contains("sea_0000/000000.png");
  }

  /** The text that is left out is the zeros of training: guiding away from it is no guidance. */
  @Test
  void guidanceLeadsAwayFromNoText() throws IOException {
    Path zeros = folder.resolve("zeros.safetensors");
    TinyModel.writeZeroText(zeros, "a cup");
    Map<String, byte[]> plain = pictures("zero-1", zeros, Map.of("sample.guidance", "1"));
    assertThat(pictures("zero-5", zeros, Map.of("sample.guidance", "5")))
        .allSatisfy((name, bytes) -> assertThat(bytes).isEqualTo(plain.get(name)));
    Path cup = texts("cup.safetensors", "a cup");
    Map<String, byte[]> told = pictures("cup-1", cup, Map.of("sample.guidance", "1"));
    assertThat(told).anySatisfy((name, bytes) -> assertThat(bytes).isNotEqualTo(plain.get(name)));
    assertThat(pictures("cup-5", cup, Map.of("sample.guidance", "5")))
        .anySatisfy((name, bytes) -> assertThat(bytes).isNotEqualTo(told.get(name)));
  }

  @Test
  void withoutEmbeddingsVideosAreMadeWithoutText() throws IOException {
    new SampleJob(
            spark,
            TinyModel.settings(Map.of()),
            TinyModel.hadoop(model),
            TinyModel.hadoop(folder.resolve("untold")))
        .execute();
    assertThat(SampleJobTest.pictures(folder.resolve("untold")))
        .containsKey("video_0000/000000.png")
        .hasSize(TinyModel.FRAMES);
  }

  @Test
  void theResultNamesTextAndNumber() throws IOException {
    SampleResult result = sample(model, "named", texts, Map.of("sample.first-video", "7"));
    assertThat(result.videos())
        .extracting(SampledVideo::className, SampledVideo::number, SampledVideo::label)
        .containsExactly(tuple("a cup", 7, -1), tuple("waves/at night", 7, -1));
  }

  @Test
  void classesAreRefusedForAModelThatIsToldTexts() {
    assertThatThrownBy(() -> sample(model, "no", texts, Map.of("sample.classes", "Cup")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("sample.classes")
        .hasMessageContaining("sample.text-embeddings says what is to be drawn");
  }

  @Test
  void textsAreRefusedForAModelOfClasses() throws IOException {
    Path classes = TinyModel.write(folder.resolve("classes"), Prediction.NOISE, "Cup", "Face");
    assertThatThrownBy(() -> sample(classes, "no", texts, Map.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("sample.text-embeddings")
        .hasMessageContaining("told classes and no texts");
  }

  @Test
  void anEmbeddingOfAnotherSizeIsNamedBeforeAnythingIsMade() throws IOException {
    Path other = TinyModel.writeTexts(folder.resolve("other.safetensors"), 76, "a short text");
    assertThatThrownBy(() -> sample(model, "wrong-size", other, Map.of()))
        .isInstanceOf(InvalidSourceException.class)
        .hasMessageContaining("'a short text'")
        .hasMessageContaining("76 x 768")
        .hasMessageContaining("77 x 768");
    assertThat(folder.resolve("wrong-size")).doesNotExist();
  }

  @Test
  void aPlaceThatIsNotThereIsNamedWithItsSetting() {
    assertThatThrownBy(() -> sample(model, "no", folder.resolve("none.csv"), Map.of()))
        .isInstanceOf(InvalidSourceException.class)
        .hasMessageContaining("none.csv (sample.text-embeddings)");
  }

  private static Path texts(String file, String... names) throws IOException {
    return TinyModel.writeTexts(folder.resolve(file), TextConditioning.TOKENS, names);
  }

  private static Map<String, byte[]> pictures(String to, Path texts, Map<String, String> more)
      throws IOException {
    sample(model, to, texts, more);
    return SampleJobTest.pictures(folder.resolve(to));
  }

  private static SampleResult sample(Path from, String to, Path texts, Map<String, String> more)
      throws IOException {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("sample.text-embeddings", texts.toString());
    return new SampleJob(
            spark,
            TinyModel.settings(settings),
            TinyModel.hadoop(from),
            TinyModel.hadoop(folder.resolve(to)))
        .execute();
  }
}
