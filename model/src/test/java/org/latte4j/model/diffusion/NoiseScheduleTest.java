package org.latte4j.model.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.latte4j.model.Golden;

class NoiseScheduleTest {
  private static final String TABLES = "diffusion_tables";

  @ParameterizedTest
  @ValueSource(strings = {"1000", "250", "ddim50", "20", "ddim20", "10,20,30", "ddim250", "100"})
  void everyTableEqualsTheReferences(String spacing) throws IOException {
    NoiseSchedule schedule = NoiseSchedule.linear().respaced(Respacing.parse(spacing));
    String prefix = "r" + spacing + ".";
    assertThat(IntStream.range(0, schedule.steps()).map(schedule::timestep).toArray())
        .isEqualTo(Golden.ints(TABLES, prefix + "timestep_map"));
    assertTable(prefix + "betas", schedule::beta);
    assertTable(prefix + "alphas_cumprod", schedule::alphaBar);
    assertTable(prefix + "alphas_cumprod_prev", schedule::alphaBarPrevious);
    assertTable(prefix + "alphas_cumprod_next", schedule::alphaBarNext);
    assertTable(prefix + "sqrt_alphas_cumprod", schedule::sqrtAlphaBar);
    assertTable(prefix + "sqrt_one_minus_alphas_cumprod", schedule::sqrtOneMinusAlphaBar);
    assertTable(
        prefix + "log_one_minus_alphas_cumprod", t -> StrictMath.log(1 - schedule.alphaBar(t)));
    assertTable(prefix + "sqrt_recip_alphas_cumprod", schedule::sqrtReciprocalAlphaBar);
    assertTable(prefix + "sqrt_recipm1_alphas_cumprod", schedule::sqrtReciprocalAlphaBarMinusOne);
    assertTable(prefix + "posterior_variance", schedule::posteriorVariance);
    assertTable(prefix + "posterior_log_variance_clipped", schedule::posteriorLogVariance);
    assertTable(prefix + "posterior_mean_coef1", schedule::posteriorStartWeight);
    assertTable(prefix + "posterior_mean_coef2", schedule::posteriorNoisyWeight);
  }

  private static void assertTable(String name, IntToDoubleFunction table) throws IOException {
    double[] golden = Golden.doubles(TABLES, name);
    for (int t = 0; t < golden.length; t++) {
      assertThat(table.applyAsDouble(t))
          .as("%s at %d", name, t)
          .isCloseTo(golden[t], within(1e-12));
    }
  }

  @Test
  void posteriorEqualsTheReferences() throws IOException {
    String training = "cfg2.training";
    NoiseSchedule schedule = NoiseSchedule.linear();
    float[] start = Golden.floats(training, "x_start");
    float[] noisy = Golden.floats(training, "x_t");
    float[] mean = Golden.floats(training, "q_post_mean");
    float[] logVariance = Golden.floats(training, "q_post_logvar");
    int[] t = Golden.ints(training, "t");
    for (int i = 0; i < start.length; i++) {
      int step = t[i / (start.length / t.length)];
      assertThat(schedule.posteriorMean(step, start[i], noisy[i])).isCloseTo(mean[i], within(1e-6));
      assertThat(schedule.posteriorLogVariance(step)).isCloseTo(logVariance[i], within(1e-6));
    }
  }

  @Test
  void startAndNoiseAreTheInversesOfNoisy() {
    NoiseSchedule schedule = NoiseSchedule.linear();
    for (int step : new int[] {0, 1, 500, 999}) {
      double noisy = schedule.noisy(step, 0.7, -1.3);
      assertThat(schedule.start(step, noisy, -1.3)).isCloseTo(0.7, within(1e-12));
      assertThat(schedule.noise(step, noisy, 0.7)).isCloseTo(-1.3, within(1e-12));
    }
  }

  @Test
  void learnedLogVarianceRunsFromPosteriorToBeta() {
    NoiseSchedule schedule = NoiseSchedule.linear();
    assertThat(schedule.learnedLogVariance(500, -1)).isEqualTo(schedule.posteriorLogVariance(500));
    assertThat(schedule.learnedLogVariance(500, 1)).isEqualTo(schedule.logBeta(500));
  }

  @Test
  void aRespacedScheduleKeepsTheOriginalTimestepsWhenRespacedAgain() {
    NoiseSchedule twice =
        NoiseSchedule.linear()
            .respaced(Respacing.parse("ddim100"))
            .respaced(Respacing.parse("ddim10"));
    assertThat(IntStream.range(0, 10).map(twice::timestep).toArray())
        .isEqualTo(Respacing.parse("ddim10").timesteps(1000));
  }

  @Test
  void aSingleStepIsRefused() {
    assertThatThrownBy(() -> NoiseSchedule.linear().respaced(Respacing.parse("1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 2");
  }

  @Test
  void betasOutsideOfZeroToOneAreRefused() {
    assertThatThrownBy(() -> NoiseSchedule.linear(10, 0, 0.02))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("between 0 and 1");
  }
}
