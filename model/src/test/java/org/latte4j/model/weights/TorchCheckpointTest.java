package org.latte4j.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.latte4j.model.Golden;

/** The fixtures under {@code torch/} are PyTorch's own: see make_fixtures.py there. */
class TorchCheckpointTest {
  @TempDir Path folder;

  private static Path fixture(String name) throws URISyntaxException {
    return Path.of(TorchCheckpointTest.class.getResource("/torch/" + name).toURI());
  }

  @ParameterizedTest
  @EnumSource(Part.class)
  void aReferenceCheckpointEqualsItsSafetensorsBitForBit(Part part) throws IOException {
    try (TorchCheckpoint torch = TorchCheckpoint.open(Golden.path("cfg2hot.pt"), part);
        SafetensorsFile expected =
            SafetensorsFile.open(Golden.path("cfg2hot." + part.key() + ".safetensors"))) {
      assertThat(torch.names()).containsExactlyElementsOf(expected.names());
      for (String name : expected.names()) {
        assertThat(torch.shape(name)).isEqualTo(expected.shape(name));
        assertThat(torch.type(name)).isEqualTo(ElementType.F32);
        assertThat(torch.floats(name)).as(name).isEqualTo(expected.floats(name));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"f64, F64", "f32, F32", "f16, F16", "bf16, BF16"})
  void everyFloatingTypeIsRead(String name, ElementType type) throws Exception {
    try (TorchCheckpoint torch = TorchCheckpoint.open(fixture("types.pt"), Part.MODEL)) {
      assertThat(torch.type(name)).isEqualTo(type);
      assertThat(torch.floats(name)).containsExactly(1.5f, -2f);
      assertThat(torch.doubles(name)).containsExactly(1.5, -2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "i64, I64, -2, 3",
    "i32, I32, -2, 3",
    "i16, I16, -2, 3",
    "i8, I8, -2, 3",
    "u8, U8, 254, 3",
    "bool, BOOL, 0, 1"
  })
  void everyTypeOfWholeNumbersIsRead(String name, ElementType type, long first, long second)
      throws Exception {
    try (TorchCheckpoint torch = TorchCheckpoint.open(fixture("types.pt"), Part.MODEL)) {
      assertThat(torch.type(name)).isEqualTo(type);
      assertThat(torch.longs(name)).containsExactly(first, second);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "whole, 3 4, 0 1 2 3 4 5 6 7 8 9 10 11",
    "transposed, 4 3, 0 4 8 1 5 9 2 6 10 3 7 11",
    "column, 3, 1 5 9",
    "row, 4, 8 9 10 11",
    "every_second, 2 2, 0 2 8 10",
    "expanded, 2 3, 7 7 7 7 7 7",
    "parameter, 1, 4"
  })
  void viewsAreReadInRowMajorOrder(String name, String shape, String values) throws Exception {
    try (TorchCheckpoint torch = TorchCheckpoint.open(fixture("types.pt"), Part.MODEL)) {
      assertThat(torch.shape(name))
          .isEqualTo(Arrays.stream(shape.split(" ")).mapToInt(Integer::parseInt).toArray());
      assertThat(torch.doubles(name))
          .isEqualTo(Arrays.stream(values.split(" ")).mapToDouble(Double::parseDouble).toArray());
    }
  }

  @Test
  void scalarsAndEmptyTensorsAreRead() throws Exception {
    try (TorchCheckpoint torch = TorchCheckpoint.open(fixture("types.pt"), Part.MODEL)) {
      assertThat(torch.shape("scalar")).isEmpty();
      assertThat(torch.floats("scalar")).containsExactly(3);
      assertThat(torch.shape("empty")).containsExactly(0, 3);
      assertThat(torch.floats("empty")).isEmpty();
    }
  }

  @Test
  void pickleProtocolFourIsRead() throws Exception {
    try (TorchCheckpoint torch = TorchCheckpoint.open(fixture("protocol4.pt"), Part.MODEL)) {
      assertThat(torch.names()).containsExactly("f32");
      assertThat(torch.floats("f32")).containsExactly(1.5f);
    }
  }

  @Test
  void optimiserStateAndArgumentsBesideTheWeightsDoNoHarm() throws Exception {
    try (TorchCheckpoint torch = TorchCheckpoint.open(fixture("without-ema.pt"), Part.MODEL)) {
      assertThat(torch.names()).containsExactly("weight", "bias");
      assertThat(torch.floats("weight")).containsExactly(1, 2);
      assertThat(torch.floats("bias")).containsExactly(3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "without-ema.pt, EMA, no weights under 'ema'",
    "types.pt, EMA, bare state dictionary",
    "before-1.6.pt, MODEL, before 1.6",
    "hostile.pt, MODEL, names posix.system",
    "whole-module.pt, MODEL, names torch.nn.modules.linear.Linear",
    "list.pt, MODEL, no dictionary",
    "no-tensors.pt, MODEL, 'its keys begin with [epoch, lr]'"
  })
  void filesThatAreNoWeightsAreRefusedByName(String name, Part part, String message)
      throws Exception {
    Path file = fixture(name);
    assertThatThrownBy(() -> TorchCheckpoint.open(file, part))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message);
  }

  @Test
  void safetensorsAreNotTakenForTorch() {
    assertThatThrownBy(
            () -> TorchCheckpoint.open(Golden.path("cfg2.model.safetensors"), Part.MODEL))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("not a torch checkpoint: it is a safetensors file");
  }

  @Test
  void everyTruncationIsNoticed() throws Exception {
    byte[] whole = Files.readAllBytes(fixture("without-ema.pt"));
    for (int length : new int[] {0, 3, 4, 30, 500, whole.length / 2, whole.length - 1}) {
      Path file = Files.write(folder.resolve("cut.pt"), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> TorchCheckpoint.open(file, Part.MODEL))
          .as("%d bytes", length)
          .isInstanceOf(WeightFormatException.class)
          .hasMessageContaining("cut.pt");
    }
  }

  @Test
  void aChangedValueIsNoticed() throws IOException {
    byte[] bytes = Files.readAllBytes(Golden.path("cfg2hot.pt"));
    bytes[bytes.length / 2] ^= 1;
    Path file = Files.write(folder.resolve("changed.pt"), bytes);
    int damaged = 0;
    for (Part part : Part.values()) {
      try (TorchCheckpoint torch = TorchCheckpoint.open(file, part)) {
        for (String name : torch.names()) {
          damaged += isDamaged(torch, name) ? 1 : 0;
        }
      }
    }
    assertThat(damaged).isEqualTo(1);
  }

  private static boolean isDamaged(TorchCheckpoint torch, String name) throws IOException {
    try {
      torch.floats(name);
      return false;
    } catch (WeightFormatException e) {
      assertThat(e).hasMessageContaining("changed.pt").hasMessageContaining("checksum");
      return true;
    }
  }

  @Test
  void unknownNamesAreRefused() throws Exception {
    try (TorchCheckpoint torch = TorchCheckpoint.open(fixture("types.pt"), Part.MODEL)) {
      assertThatThrownBy(() -> torch.floats("nothing"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'nothing'")
          .hasMessageContaining("types.pt");
    }
  }
}
