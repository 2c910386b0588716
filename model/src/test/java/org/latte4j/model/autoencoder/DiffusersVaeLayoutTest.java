package org.latte4j.model.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.latte4j.model.autoencoder.DiffusersVaeLayout.AttentionNames;

class DiffusersVaeLayoutTest {
  private static final Map<String, int[]> STABLE_DIFFUSION =
      DiffusersVaeLayout.of(AutoencoderKlConfig.STABLE_DIFFUSION);

  @ParameterizedTest
  @EnumSource
  void stableDiffusionHasThePublishedNamesAndShapesInOrder(AttentionNames names)
      throws IOException {
    List<String> published =
        publishedLines()
            .map(line -> line.split("\t", -1))
            .map(columns -> columns[names == AttentionNames.CURRENT ? 0 : 1] + " " + columns[2])
            .toList();
    List<String> ours =
        STABLE_DIFFUSION.entrySet().stream()
            .map(e -> names.ofCurrent(e.getKey()) + " " + Arrays.toString(e.getValue()))
            .toList();
    assertThat(ours).hasSize(248).containsExactlyElementsOf(published);
  }

  @Test
  void stableDiffusionHasItsNumberOfParameters() {
    long parameters =
        STABLE_DIFFUSION.values().stream()
            .mapToLong(shape -> Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b))
            .sum();
    assertThat(parameters).isEqualTo(83_653_863);
  }

  private static Stream<String> publishedLines() throws IOException {
    try (InputStream in =
        DiffusersVaeLayoutTest.class.getResourceAsStream("/golden/vae_sd_full_names.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines();
    }
  }
}
