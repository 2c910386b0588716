package org.latte4j.model.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.latte.Architecture;
import org.latte4j.model.latte.Conditioning;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.PositionGrid;
import org.latte4j.model.latte.TemporalPosition;
import org.latte4j.model.latte.Variant;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.model.weights.WeightFormatException;

class ModelCardFileTest {
  private static final ModelCard CARD =
      new ModelCard(
          new LatteConfiguration(2, 16, 2, 2, new LatentShape(4, 2, 8, 8), 2),
          List.of("Cup", "Face"),
          "dct-4-8-2",
          "dct-4-8-2:00",
          0.5,
          List.of(-1f, -2f),
          List.of(1f, 2.5f),
          Prediction.NOISE);

  @Test
  void aCardSurvivesJson() throws IOException {
    assertThat(ModelCardFile.fromJson(ModelCardFile.toJson(CARD), "here")).isEqualTo(CARD);
  }

  @Test
  void theRangesOfChannelsAreThoseOfTheData() {
    assertThat(CARD.channelRanges().minimum(1)).isEqualTo(-2f);
    assertThat(CARD.channelRanges().maximum(1)).isEqualTo(2.5f);
  }

  @Test
  void damagedJsonIsRefusedByName() {
    String cut = ModelCardFile.toJson(CARD).substring(0, 100);
    assertThatThrownBy(() -> ModelCardFile.fromJson(cut, "run/model.json"))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("run/model.json is damaged");
  }

  @Test
  void anotherFormatIsRefused() {
    assertThatThrownBy(() -> ModelCardFile.fromJson("{\"format\": \"other\"}", "run/model.json"))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("not a model card");
  }

  @Test
  void aNewerVersionIsRefused() {
    String newer = ModelCardFile.toJson(CARD).replaceFirst("\"version\" : 1", "\"version\" : 9");
    assertThatThrownBy(() -> ModelCardFile.fromJson(newer, "run/model.json"))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("version 9");
  }

  @Test
  void aMissingEntryIsRefused() {
    String without = ModelCardFile.toJson(CARD).replaceFirst("\"scale\" : 0.5,", "");
    assertThatThrownBy(() -> ModelCardFile.fromJson(without, "run/model.json"))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("scale");
  }

  @Test
  void theArchitectureIsWrittenInThePapersWords() throws IOException {
    Architecture other =
        new Architecture(Variant.LATE_FUSION, 2, Conditioning.ALL_TOKENS, TemporalPosition.ROPE);
    ModelCard card =
        new ModelCard(
            CARD.network().with(other),
            CARD.classes(),
            "a",
            "b",
            1,
            List.of(0f, 0f),
            List.of(1f, 1f),
            Prediction.NOISE);
    String json = ModelCardFile.toJson(card);
    assertThat(json)
        .contains("\"variant\" : 2", "\"temporalStride\" : 2")
        .contains("\"all-tokens\"", "\"rope\"");
    assertThat(ModelCardFile.fromJson(json, "here")).isEqualTo(card);
  }

  @Test
  void aCardWithoutArchitectureIsOfTheReferences() throws IOException {
    String json = ModelCardFile.toJson(CARD);
    String old = json.replaceFirst("(?s),\\s*\"architecture\" : \\{.*?\\}", "");
    assertThat(old).doesNotContain("architecture");
    assertThat(ModelCardFile.fromJson(old, "here")).isEqualTo(CARD);
  }

  @Test
  void positionsOverAnotherGridSurviveJson() throws IOException {
    ModelCard stretched = CARD.with(new PositionGrid(2, 8, 8));
    assertThat(ModelCardFile.fromJson(ModelCardFile.toJson(stretched), "here"))
        .isEqualTo(stretched);
  }

  @Test
  void aCardWithoutPositionsIsOfTheNetworksOwnGrid() throws IOException {
    String old = ModelCardFile.toJson(CARD).replaceFirst("(?s),\\s*\"positions\" : \\{.*?\\}", "");
    assertThat(old).doesNotContain("positions");
    assertThat(ModelCardFile.fromJson(old, "here")).isEqualTo(CARD);
  }

  @Test
  void unknownRangesOfChannelsSurviveJsonAndAreNotSampledWith() throws IOException {
    ModelCard foreign =
        new ModelCard(
            CARD.network(), CARD.classes(), "a", "b", 1, List.of(), List.of(), Prediction.NOISE);
    assertThat(ModelCardFile.fromJson(ModelCardFile.toJson(foreign), "here")).isEqualTo(foreign);
    assertThatThrownBy(foreign::channelRanges)
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("sample.clamp = data");
  }

  @Test
  void whatIsPredictedIsWritten() throws IOException {
    ModelCard card =
        new ModelCard(
            CARD.network(),
            CARD.classes(),
            "a",
            "b",
            1,
            List.of(0f, 0f),
            List.of(1f, 1f),
            Prediction.VELOCITY);
    String json = ModelCardFile.toJson(card);
    assertThat(json).contains("\"prediction\" : \"velocity\"");
    assertThat(ModelCardFile.fromJson(json, "here")).isEqualTo(card);
  }

  @Test
  void aCardThatDoesNotSayWhatIsPredictedMeansTheNoise() throws IOException {
    String old = ModelCardFile.toJson(CARD).replaceFirst(",\\s*\"prediction\" : \"noise\"", "");
    assertThat(old).doesNotContain("prediction");
    assertThat(ModelCardFile.fromJson(old, "here").prediction()).isEqualTo(Prediction.NOISE);
  }
}
