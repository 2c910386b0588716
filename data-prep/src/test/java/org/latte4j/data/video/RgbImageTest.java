package org.latte4j.data.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RgbImageTest {
  @Test
  void planarValuesAreThoseOfTheNormalisedTensor() {
    RgbImage image = new RgbImage(2, 1, bytes(0, 51, 255, 102, 204, 128));
    float[] planar = new float[7];

    image.toPlanar(planar, 1);

    assertThat(planar)
        .containsExactly(
            0f,
            -1f,
            (102 / 255f - 0.5f) / 0.5f,
            (51 / 255f - 0.5f) / 0.5f,
            (204 / 255f - 0.5f) / 0.5f,
            1f,
            (128 / 255f - 0.5f) / 0.5f);
  }

  @Test
  void everyLevelSurvivesThePlanarRoundTrip() {
    byte[] levels = new byte[3 * 256];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (byte) i;
    }
    float[] planar = new float[levels.length];

    new RgbImage(256, 1, levels).toPlanar(planar, 0);

    assertThat(RgbImage.fromPlanar(planar, 0, 1, 256).pixels()).isEqualTo(levels);
  }

  @Test
  void valuesOutsideTheRangeAreClamped() {
    RgbImage image = RgbImage.fromPlanar(new float[] {-3, 7, Float.NaN}, 0, 1, 1);

    assertThat(image.pixels()).containsExactly(0, 255, 0);
  }

  @Test
  void enlargingRepeatsPixels() {
    RgbImage image = new RgbImage(2, 1, bytes(1, 2, 3, 4, 5, 6)).enlarged(2);

    assertThat(image.width()).isEqualTo(4);
    assertThat(image.height()).isEqualTo(2);
    assertThat(image.rgb(1, 1)).isEqualTo(0x010203);
    assertThat(image.rgb(2, 0)).isEqualTo(0x040506);
  }

  @Test
  void sizesThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> new RgbImage(2, 2, new byte[11]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("12 bytes, not 11");
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
