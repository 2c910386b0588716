package org.latte4j.model.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.latte4j.model.parameters.FlatLayout.Parameter;

final class KlParameterLayoutTest {
  private static final KlParameterLayout TINY = new KlParameterLayout(TinyVae.CONFIG);

  @Test
  void holdsStableDiffusionsParametersWithoutGaps() {
    KlParameterLayout layout = new KlParameterLayout(AutoencoderKlConfig.STABLE_DIFFUSION);
    Map<String, List<Integer>> shapes = new HashMap<>();
    long end = 0;
    for (Parameter parameter : layout.parameters()) {
      assertThat(parameter.offset()).isEqualTo(end);
      end += parameter.length();
      shapes.put(parameter.name(), parameter.shape());
    }
    assertThat(end).isEqualTo(layout.length()).isEqualTo(83_653_863);
    Map<String, List<Integer>> expected = new HashMap<>();
    DiffusersVaeLayout.of(AutoencoderKlConfig.STABLE_DIFFUSION)
        .forEach(
            (name, shape) -> expected.put(name, java.util.Arrays.stream(shape).boxed().toList()));
    assertThat(shapes).isEqualTo(expected);
  }

  @Test
  void projectionsOfAnAttentionLieSideBySide() {
    String attention = "encoder.mid_block.attentions.0.";
    long channels = 64;
    assertThat(TINY.parameter(attention + "to_v.weight").offset())
        .isEqualTo(TINY.parameter(attention + "to_q.weight").offset() + 2 * channels * channels);
    assertThat(TINY.parameter(attention + "to_v.bias").offset())
        .isEqualTo(TINY.parameter(attention + "to_q.bias").offset() + 2 * channels);
  }

  @Test
  void convolutionsBeginUniformWithinTheRootOfTheirFanIn() {
    float bound = (float) (1 / Math.sqrt(32 * 9));
    for (String name : List.of("conv1.weight", "conv1.bias")) {
      float[] values = TINY.parameter("encoder.down_blocks.0.resnets.0." + name).initialValues(1);
      float largest = 0;
      double sum = 0;
      for (float value : values) {
        largest = Math.max(largest, Math.abs(value));
        sum += value;
      }
      assertThat(largest).isBetween(0.8f * bound, bound);
      assertThat(Math.abs(sum / values.length)).isLessThan(0.3 * bound);
    }
  }

  @Test
  void normsBeginAsTheIdentity() {
    assertThat(TINY.parameter("encoder.conv_norm_out.weight").initialValues(1)).containsOnly(1);
    assertThat(TINY.parameter("encoder.conv_norm_out.bias").initialValues(1)).containsOnly(0);
  }

  @Test
  void initialValuesFollowFromTheSeed() {
    String name = "decoder.conv_in.weight";
    assertThat(TINY.parameter(name).initialValues(1))
        .isEqualTo(TINY.parameter(name).initialValues(1))
        .isNotEqualTo(TINY.parameter(name).initialValues(2));
  }
}
