package org.latte4j.model.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DctAutoencoderTest {
  private static final Offset<Float> ROUNDING = Offset.offset(1e-6f);

  private final DctAutoencoder standard = new DctAutoencoder(DctSettings.DEFAULT);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 8, 16})
  void allCoefficientsGiveTheImageBack(int block) {
    DctAutoencoder whole = new DctAutoencoder(new DctSettings(block, block * block, block * block));
    float[] image = Images.gradient(2 * block, 3 * block);
    float[] decoded = roundTrip(whole, image, 2 * block, 3 * block);
    assertThat(decoded).containsExactly(image, ROUNDING);
  }

  @ParameterizedTest
  @CsvSource({"6,3,36.5", "8,2,40.1", "10,3,43.3", "16,4,50.4"})
  void realFrameKeepsItsQuality(int luma, int chroma, double decibels) {
    DctAutoencoder autoencoder = new DctAutoencoder(new DctSettings(4, luma, chroma));
    float[] frame = Images.cockatoo();
    assertThat(Images.psnr(frame, roundTrip(autoencoder, frame, 64, 64)))
        .isCloseTo(decibels, within(0.1));
  }

  @Test
  void decodingThenEncodingGivesTheLatentsBack() {
    float[] latents = Images.means(standard.encode(Images.cockatoo(), 1, 64, 64));
    float[] again = Images.means(standard.encode(standard.decode(latents, 1, 16, 16), 1, 64, 64));
    assertThat(again).containsExactly(latents, Offset.offset(2e-6f));
  }

  @Test
  void encodingIsLinear() {
    float[] a = Images.cockatoo();
    float[] b = Images.gradient(64, 64);
    float[] mixed = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      mixed[i] = 0.75f * a[i] - 0.5f * b[i];
    }
    float[] ofA = Images.means(standard.encode(a, 1, 64, 64));
    float[] ofB = Images.means(standard.encode(b, 1, 64, 64));
    float[] expected = new float[ofA.length];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = 0.75f * ofA[i] - 0.5f * ofB[i];
    }
    assertThat(Images.means(standard.encode(mixed, 1, 64, 64)))
        .containsExactly(expected, Offset.offset(2e-6f));
  }

  @Test
  void greyImageHasOnlyTheLowestLumaCoefficient() {
    float[] moments = standard.encode(Images.constant(3 * 8 * 8, 0.5f), 1, 8, 8);
    // One block: 48 values of 0.5 are a vector of length 0.5 sqrt(48) along the first basis vector.
    assertThat(Arrays.copyOf(moments, 4))
        .containsExactly(Images.constant(4, (float) (0.5 * Math.sqrt(48))), ROUNDING);
    assertThat(Arrays.copyOfRange(moments, 4, 12 * 4)).containsExactly(new float[11 * 4], ROUNDING);
  }

  @Test
  void lumaCoefficientsComeInZigZagOrder() {
    float[] rowsDiffer = new float[3 * 4 * 4];
    float[] columnsDiffer = new float[3 * 4 * 4];
    for (int i = 0; i < rowsDiffer.length; i++) {
      rowsDiffer[i] = (float) Math.cos(Math.PI * (2 * (i / 4 % 4) + 1) / 8);
      columnsDiffer[i] = (float) Math.cos(Math.PI * (2 * (i % 4) + 1) / 8);
    }
    assertThat(standard.encode(columnsDiffer, 1, 4, 4)[1])
        .isCloseTo((float) Math.sqrt(24), ROUNDING);
    assertThat(standard.encode(rowsDiffer, 1, 4, 4)[2]).isCloseTo((float) Math.sqrt(24), ROUNDING);
  }

  @Test
  void posteriorIsAPoint() {
    float[] moments = standard.encode(Images.cockatoo(), 1, 64, 64);
    assertThat(moments).hasSize(2 * 12 * 16 * 16);
    assertThat(Arrays.copyOfRange(moments, moments.length / 2, moments.length)).containsOnly(-30f);
  }

  @Test
  void batchIsEncodedImageByImage() {
    float[] first = Images.gradient(8, 12);
    float[] second = Images.constant(first.length, -0.25f);
    float[] both = Arrays.copyOf(first, 2 * first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    float[] moments = standard.encode(both, 2, 8, 12);
    int half = moments.length / 2;
    assertThat(Arrays.copyOf(moments, half)).isEqualTo(standard.encode(first, 1, 8, 12));
    assertThat(Arrays.copyOfRange(moments, half, moments.length))
        .isEqualTo(standard.encode(second, 1, 8, 12));
  }

  @Test
  void scaledLatentsOfARealFrameHaveAboutUnitDeviation() {
    float[] latents = Images.means(standard.encode(Images.cockatoo(), 1, 64, 64));
    double sum = 0;
    for (float latent : latents) {
      sum += latent * latent;
    }
    double deviation = standard.scalingFactor() * Math.sqrt(sum / latents.length);
    assertThat(deviation).isBetween(0.6, 1.4);
  }

  @Test
  void sidesThatAreNotMultiplesOfTheBlockAreRefused() {
    assertThatThrownBy(() -> standard.encode(new float[3 * 30 * 33], 1, 30, 33))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("30 x 33")
        .hasMessageContaining("multiples of 4")
        .hasMessageContaining("28 x 32");
  }

  @Test
  void arrayOfAnotherLengthIsRefused() {
    assertThatThrownBy(() -> standard.decode(new float[100], 1, 8, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("latents to decode: 100 values given, but [1, 12, 8, 8] needs 768");
  }

  @Test
  void emptyBatchIsRefused() {
    assertThatThrownBy(() -> standard.encode(new float[0], 0, 8, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[0, 3, 8, 8]");
  }

  @Test
  void fingerprintNamesTheSettings() {
    assertThat(standard.fingerprint()).matches("dct-4-8-2:[0-9a-f]{64}");
    assertThat(new DctAutoencoder(new DctSettings(4, 8, 3)).fingerprint())
        .isNotEqualTo(standard.fingerprint());
  }

  private static float[] roundTrip(DctAutoencoder autoencoder, float[] image, int h, int w) {
    int f = autoencoder.downsampling();
    return autoencoder.decode(Images.means(autoencoder.encode(image, 1, h, w)), 1, h / f, w / f);
  }
}
