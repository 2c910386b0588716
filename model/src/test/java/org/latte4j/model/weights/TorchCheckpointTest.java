package org.latte4j.model.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TorchCheckpointTest {
  @ParameterizedTest
  @EnumSource(Part.class)
  void aReferenceCheckpointEqualsItsSafetensorsBitForBit(Part part) throws IOException {
    try (TorchCheckpoint torch = TorchCheckpoint.open(Golden.file("cfg2hot.pt"), part);
        SafetensorsFile expected =
            SafetensorsFile.open(Golden.file("cfg2hot." + part.key() + ".safetensors"))) {
      assertThat(torch.names()).containsExactlyElementsOf(expected.names());
      for (String name : expected.names()) {
        assertThat(torch.shape(name)).isEqualTo(expected.shape(name));
        assertThat(torch.type(name)).isEqualTo(ElementType.F32);
        assertThat(torch.floats(name)).as(name).isEqualTo(expected.floats(name));
      }
    }
  }
}
