package org.latte4j.spark.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.diffusion.GuidanceInterval;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.sample.SampleSettings.Output;

class SampleSettingsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sample.eta=0.5 | 0 with sample.sampler = ddpm",
        "sample.steps=1 | an integer from 2 to 1000",
        "sample.guidance=1 sample.guidance-interval=0.2,8 | [] with sample.guidance = 1",
        "sample.guidance-interval=8,0.2 | [low, high], noise levels with 0 <= low < high",
        "sample.guidance-interval=0.2 | [low, high], noise levels with 0 <= low < high",
        "sample.guidance-interval=low,high | [low, high], noise levels with 0 <= low < high",
        "sample.outputs=mp4,avi | at least one of mp4, gif, frames, contact-sheet",
      })
  void whatDoesNotGoTogetherIsRefusedByName(String given, String message) {
    assertThatThrownBy(() -> SampleSettings.from(settings(given)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(given.substring(given.lastIndexOf("sample.")).split("=")[0])
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sample.frames=3 | 0, or at least the 4 frames",
        "sample.overlap=2 | 0 where sample.frames asks for no more than the 4 frames",
        "sample.frames=4 sample.overlap=2 | 0 where sample.frames asks for no more than",
        "sample.frames=9 sample.overlap=4 | less than the 4 frames",
      })
  void whatDoesNotSuitTheModelIsRefusedByName(String given, String message) {
    Settings settings = settings(given);
    SampleSettings sample = SampleSettings.from(settings);
    assertThatThrownBy(() -> sample.check(card(new LatentShape(4, 1, 2, 2), 3), settings))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(given.substring(given.lastIndexOf("sample.")).split("=")[0])
        .hasMessageContaining(message);
  }

  @Test
  void anIntervalForAModelWithoutClassesIsRefused() {
    Settings settings = settings("sample.guidance-interval=0.2,8");
    SampleSettings sample = SampleSettings.from(settings);
    assertThatThrownBy(() -> sample.check(card(new LatentShape(4, 1, 2, 2), 0), settings))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("the model has no classes");
  }

  @Test
  void aPictureForFramesThatAreNotSquareIsRefused() {
    Settings settings = settings("sample.image=cat.png");
    SampleSettings sample = SampleSettings.from(settings);
    assertThatThrownBy(() -> sample.check(card(new LatentShape(4, 1, 2, 4), 0), settings))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("not square");
  }

  @Test
  void intervalsAndOutputsAreRead() {
    SampleSettings sample =
        SampleSettings.from(
            settings("sample.guidance-interval=0.2,8 sample.outputs=frames,contact-sheet"));
    assertThat(sample.guidanceInterval()).isEqualTo(new GuidanceInterval(0.2, 8));
    assertThat(sample.outputs()).containsExactly(Output.FRAMES, Output.CONTACT_SHEET);
  }

  @Test
  void windowsOverlapByHalfUnlessToldOtherwise() {
    ModelCard card = card(new LatentShape(16, 1, 2, 2), 0);
    assertThat(SampleSettings.from(settings("sample.frames=40")).overlap(card)).isEqualTo(8);
    assertThat(SampleSettings.from(settings("sample.frames=40 sample.overlap=3")).overlap(card))
        .isEqualTo(3);
  }

  private static Settings settings(String given) {
    Map<String, String> overrides = new HashMap<>();
    for (String setting : given.split(" ")) {
      overrides.put(setting.split("=")[0], setting.split("=")[1]);
    }
    return Settings.load(List.of(), overrides);
  }

  private static ModelCard card(LatentShape latent, int classes) {
    return new ModelCard(
        new LatteConfiguration(2, 16, 2, 2, latent, classes),
        Collections.nCopies(classes, "a"),
        "dct-4-1-0",
        "dct-4-1-0:00",
        1,
        List.of(0f),
        List.of(1f),
        Prediction.NOISE);
  }
}
