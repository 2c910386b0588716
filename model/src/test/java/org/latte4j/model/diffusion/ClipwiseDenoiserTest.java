package org.latte4j.model.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.latte4j.model.Golden.CFG2;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.latte4j.model.Golden;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.VectorKernels;
import org.latte4j.model.latte.LatteDenoiser;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;
import org.latte4j.model.weights.WeightSource;

class ClipwiseDenoiserTest {
  private static final int CLIPS = 3;

  @Test
  void aClipsOutputHasTheSameBitsInAnyBatch() throws IOException {
    int length = CFG2.latent().length();
    float[] clips = new float[CLIPS * length];
    RandomStream.of(5, Purpose.NOISE, 0).normals(clips);
    int[] t = {7, 400, 999};
    int[] y = {0, 1, CFG2.nullLabel()};
    float[] together = new float[2 * clips.length];
    try (WeightSource weights = Golden.open("cfg2hot.model");
        Kernels kernels = VectorKernels.withThreads(1);
        LatteDenoiser latte = new LatteDenoiser(kernels, CFG2, weights)) {
      Denoiser clipwise = new ClipwiseDenoiser(latte, CFG2.latent());

      clipwise.denoise(clips, t, y, together);

      for (int i = 0; i < CLIPS; i++) {
        float[] alone = new float[2 * length];
        float[] clip = Arrays.copyOfRange(clips, i * length, (i + 1) * length);
        latte.denoise(clip, new int[] {t[i]}, new int[] {y[i]}, alone);
        assertThat(alone)
            .isEqualTo(Arrays.copyOfRange(together, 2 * i * length, 2 * (i + 1) * length));
      }
    }
  }

  @Test
  void aModelWithoutClassesIsGivenNoLabels() {
    LatentShape shape = new LatentShape(1, 1, 1, 1);
    float[] out = new float[4];
    Denoiser counting =
        (x, t, y, into) -> {
          into[0] = x[0] + t[0];
          into[1] = y.length;
        };
    new ClipwiseDenoiser(counting, shape)
        .denoise(new float[] {1, 2}, new int[] {10, 20}, new int[0], out);
    assertThat(out).containsExactly(11, 0, 22, 0);
  }
}
