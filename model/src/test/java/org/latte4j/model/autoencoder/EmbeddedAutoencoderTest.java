package org.latte4j.model.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.latte4j.model.kernels.VectorKernels;

class EmbeddedAutoencoderTest {
  private static final int SIZE = 64;

  @Test
  void halvesThriceToFourChannels() throws IOException {
    try (Autoencoder small = open("small")) {
      assertThat(small.downsampling()).isEqualTo(8);
      assertThat(small.latentChannels()).isEqualTo(4);
      assertThat(small.fingerprint()).startsWith("autoencoder-kl:");
    }
  }

  /** On a frame of a video that it was trained on; docs/autoencoder.md has videos it was not. */
  @Test
  void losesLessThanTheCosineTransformWithAsManyValues() throws IOException {
    assertThat(psnr("small")).isGreaterThan(psnr("dct-8-2-1"));
  }

  private static double psnr(String name) throws IOException {
    float[] image = Images.cockatoo();
    try (Autoencoder autoencoder = open(name)) {
      float[] moments = autoencoder.encode(image, 1, SIZE, SIZE);
      float[] decoded =
          autoencoder.decode(Arrays.copyOf(moments, moments.length / 2), 1, SIZE / 8, SIZE / 8);
      double squares = 0;
      for (int i = 0; i < image.length; i++) {
        squares += Math.pow(image[i] - Math.max(-1, Math.min(1, decoded[i])), 2);
      }
      return 10 * Math.log10(4 * image.length / squares);
    }
  }

  private static Autoencoder open(String name) throws IOException {
    return Autoencoders.open(name, () -> VectorKernels.withThreads(1));
  }
}
