package org.latte4j.model.autoencoder;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.latte4j.model.autoencoder.DiffusersVaeLayout.AttentionNames;
import org.latte4j.model.kernels.PortableKernels;
import org.latte4j.model.weights.WeightFormatException;
import org.nd4j.linalg.api.buffer.DataType;

class KlParametersTest {
  private static final String QUERY = "encoder.mid_block.attentions.0.to_q.weight";

  @ParameterizedTest
  @EnumSource
  void stableDiffusionsNamesAreAccepted(AttentionNames names) {
    Map<String, int[]> shapes = DiffusersVaeLayout.of(AutoencoderKlConfig.STABLE_DIFFUSION);
    MemoryWeights weights = MemoryWeights.ofShapes(shapes).renamed(names::ofCurrent);
    assertThatCode(() -> KlParameters.check(weights, AutoencoderKlConfig.STABLE_DIFFUSION))
        .doesNotThrowAnyException();
  }

  @Test
  void missingNamesAreListed() {
    MemoryWeights weights = TinyVae.weights().remove("quant_conv.bias").remove(QUERY);
    assertThatThrownBy(() -> KlParameters.check(weights, TinyVae.CONFIG))
        .isInstanceOf(WeightFormatException.class)
        .hasMessage(
            "weights in memory: its parameters are not those that config.json asks for:"
                + " 2 missing (%s, quant_conv.bias)".formatted(QUERY));
  }

  @Test
  void unexpectedNamesAreListed() {
    MemoryWeights weights = TinyVae.weights().put("loss.logvar", new int[] {1}, new float[] {0});
    assertThatThrownBy(() -> KlParameters.check(weights, TinyVae.CONFIG))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining(": 1 unexpected (loss.logvar)");
  }

  @Test
  void longListsOfNamesAreCut() {
    assertThatThrownBy(() -> KlParameters.check(MemoryWeights.ofShapes(Map.of()), TinyVae.CONFIG))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("missing (encoder.conv_in.weight, encoder.conv_in.bias,")
        .hasMessageEndingWith(", ...)");
  }

  @Test
  void wrongShapeIsNamedBesideTheRightOne() {
    MemoryWeights weights =
        TinyVae.weights().put("quant_conv.weight", new int[] {8, 8}, new float[64]);
    assertThatThrownBy(() -> KlParameters.check(weights, TinyVae.CONFIG))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("quant_conv.weight has shape [8, 8]")
        .hasMessageContaining("asks for [8, 8, 1, 1]");
  }

  @Test
  void weightThatIsNotANumberIsRefused() {
    float[] values = new float[32];
    values[7] = Float.NaN;
    MemoryWeights weights = TinyVae.weights().put("encoder.conv_in.bias", new int[] {32}, values);
    assertThatThrownBy(
            () ->
                AutoencoderKl.load(
                    TinyVae.CONFIG, weights, "tiny", () -> new PortableKernels(DataType.FLOAT)))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("encoder.conv_in.bias holds NaN");
  }
}
