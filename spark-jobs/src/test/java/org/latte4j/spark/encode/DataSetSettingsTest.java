package org.latte4j.spark.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latte4j.data.clip.ClipWindow;
import org.latte4j.data.encode.Mirroring;
import org.latte4j.data.source.SourceSettings;
import org.latte4j.model.settings.Settings;

/** The settings of the four data sets that ship in conf/datasets. */
class DataSetSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "faceforensics, FOLDER, resize-crop, BOTH",
    "skytimelapse, FRAMES, crop-resize, NONE",
    "ucf101, UCF101, resize-crop, BOTH",
    "taichi, EITHER, resize-crop, BOTH",
  })
  void areThePapers(
      String name, SourceSettings.Name layout, String transform, Mirroring mirroring) {
    Settings settings =
        Settings.load(List.of(Path.of("..", "conf", "datasets", name + ".conf")), Map.of());

    EncodeSettings encode = EncodeSettings.from(settings);

    assertThat(encode.source().name()).isEqualTo(layout);
    assertThat(encode.recipe().transform().name()).isEqualTo(transform);
    assertThat(encode.recipe().transform().size()).isEqualTo(256);
    assertThat(encode.recipe().mirroring()).isEqualTo(mirroring);
    int interval = settings.integer("train.frame-interval", 1, 100);
    assertThat(interval).isEqualTo(3);
    assertThat(encode.recipe().segmentation().longestWindow())
        .isGreaterThanOrEqualTo(new ClipWindow(16, interval).span());
  }
}
