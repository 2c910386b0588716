package org.latte4j.model.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SeededNoiseTest {
  private static final LatentShape SHAPE = new LatentShape(1, 2, 3, 3);

  @Test
  void drawsDifferBySeedSampleAndStep() {
    float[] reference = draw(7, 3, 5);
    assertThat(draw(7, 3, 5)).isEqualTo(reference);
    assertThat(draw(8, 3, 5)).isNotEqualTo(reference);
    assertThat(draw(7, 4, 5)).isNotEqualTo(reference);
    assertThat(draw(7, 3, 6)).isNotEqualTo(reference);
  }

  private static float[] draw(long seed, long sample, int step) {
    float[] out = new float[SHAPE.length()];
    new SeededNoise(seed, new long[] {sample}, SHAPE).at(step, out);
    return out;
  }

  @Test
  void theStartIsNoneOfTheSteps() {
    float[] start = new float[SHAPE.length()];
    new SeededNoise(7, new long[] {3}, SHAPE).start(start);
    for (int step = 1; step < 20; step++) {
      assertThat(draw(7, 3, step)).isNotEqualTo(start);
    }
  }

  @Test
  void anArrayOfAnotherLengthIsRefused() {
    SeededNoise noise = new SeededNoise(7, new long[] {3, 4}, SHAPE);
    assertThatThrownBy(() -> noise.start(new float[SHAPE.length()]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 samples of 18 values");
  }
}
