package org.latte4j.model.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.latte4j.model.kernels.KernelsContract.normal;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The promise that checkpoints and retries rest on: the same inputs give the same bits. */
final class VectorKernelsReproducibilityTest {

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7})
  void resultsDoNotDependOnTheNumberOfThreads(int threads) {
    List<float[]> expected = results(1, 2, 600, 92);
    List<float[]> got = results(threads, 2, 600, 92);
    assertThat(got).hasSameSizeAs(expected);
    for (int i = 0; i < got.size(); i++) {
      assertThat(got.get(i)).as("result %d", i).isEqualTo(expected.get(i));
    }
  }

  @Test
  void resultsDoNotChangeWhenTheCodeIsCompiled() {
    List<float[]> expected = results(1, 1, 12, 20);
    for (int i = 0; i < 10_000; i++) {
      List<float[]> got = results(1, 1, 12, 20);
      for (int j = 0; j < got.size(); j++) {
        if (!java.util.Arrays.equals(got.get(j), expected.get(j))) {
          assertThat(got.get(j)).as("result %d of run %d", j, i).isEqualTo(expected.get(j));
        }
      }
    }
  }

  /** The results of every operation that sums. */
  private static List<float[]> results(int threads, int batch, int tokens, int width) {
    List<Tensor> results = new ArrayList<>();
    int rows = batch * tokens;
    try (Kernels kernels = VectorKernels.withThreads(threads);
        Arena arena = kernels.arena()) {
      Tensor x = upload(kernels, arena, 1, rows, width);
      Tensor y = upload(kernels, arena, 2, rows, width);
      Tensor modulation = upload(kernels, arena, 3, batch, 3 * width);
      Tensor bias = upload(kernels, arena, 4, width);
      Tensor statistics = arena.allocate(rows, 2);
      Tensor out = arena.allocate(rows, width);
      Tensor dX = arena.allocate(rows, width);
      Tensor dModulation = arena.allocate(batch, 3 * width);
      kernels.normModulate(x, modulation, 0, 1, statistics, out);
      kernels.normModulateBackward(x, statistics, modulation, 0, 1, y, dX, dModulation);
      results.addAll(List.of(statistics, out, dX));
      Tensor dBranch = arena.allocate(rows, width);
      Tensor dBias = arena.allocate(width);
      kernels.gatedAddBackward(y, x, modulation, 2, dBranch, dModulation, dBias);
      results.addAll(List.of(dBranch, dModulation, dBias));
      Tensor gelu = upload(kernels, arena, 5, rows, width);
      Tensor dGelu = arena.allocate(width);
      kernels.biasGelu(x, bias, out);
      kernels.biasGeluBackward(x, gelu, dGelu);
      kernels.addColumnSums(y, dGelu);
      results.addAll(List.of(gelu, dGelu));
      Tensor product = arena.allocate(width, width);
      kernels.multiply(x, Operand.TRANSPOSED, y, Operand.PLAIN, Write.SET, product);
      Tensor wide = arena.allocate(rows, rows);
      kernels.multiply(x, Operand.PLAIN, y, Operand.TRANSPOSED, Write.SET, wide);
      results.addAll(List.of(product, wide));
      addAttention(kernels, arena, TokenSequences.spatial(batch, 4, tokens / 4), width, results);
      addAttention(kernels, arena, TokenSequences.temporal(batch, 4, tokens / 4), width, results);
      Tensor squares = arena.allocate(1);
      kernels.fill(squares, kernels.sumOfSquares(wide));
      Tensor normed = arena.allocate(batch, 4, tokens / 4, width);
      kernels.groupNorm(
          x.reshape(batch, 4, tokens / 4, width),
          2,
          bias.slice(0, 4),
          bias.slice(4, 4),
          1e-6,
          normed);
      Tensor convolved = arena.allocate(batch, 3, tokens / 4, width);
      kernels.convolution(normed, y.slice(0, 3, 4, 3, 3), bias.slice(0, 3), 1, 1, 1, convolved);
      Tensor dConvolution = arena.allocate(batch, 4, tokens / 4, width);
      Tensor dWeight = arena.allocate(3, 4, 3, 3);
      Tensor dConvolutionBias = arena.allocate(3);
      kernels.convolutionBackward(
          normed,
          y.slice(0, 3, 4, 3, 3),
          1,
          1,
          1,
          convolved,
          dConvolution,
          dWeight,
          dConvolutionBias);
      Tensor dNormed = arena.allocate(batch, 4, tokens / 4, width);
      Tensor dGamma = arena.allocate(4);
      Tensor dBeta = arena.allocate(4);
      kernels.groupNormBackward(
          normed, 2, bias.slice(0, 4), 1e-6, dConvolution, dNormed, dGamma, dBeta);
      results.addAll(List.of(dConvolution, dWeight, dConvolutionBias, dNormed, dGamma, dBeta));
      kernels.softmax(wide, 0.5);
      results.addAll(List.of(squares, normed, convolved, wide));
      return results.stream().map(tensor -> download(kernels, tensor)).toList();
    }
  }

  private static void addAttention(
      Kernels kernels, Arena arena, TokenSequences sequences, int width, List<Tensor> results) {
    int rows = (int) sequences.lastRow() + 1;
    int length = sequences.length();
    Tensor qkv = upload(kernels, arena, 6, rows, 3 * width);
    Tensor probabilities = arena.allocate(sequences.count(), 2, length, length);
    Tensor out = arena.allocate(rows, width);
    Tensor dQkv = arena.allocate(rows, 3 * width);
    kernels.attention(qkv, 2, sequences, probabilities, out);
    kernels.attentionBackward(qkv, 2, sequences, probabilities, out, dQkv);
    results.addAll(List.of(probabilities, out, dQkv));
  }

  private static Tensor upload(Kernels kernels, Arena arena, long seed, int... shape) {
    double[] values = normal(seed, KernelsContract.length(shape));
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    Tensor tensor = arena.allocate(shape);
    kernels.upload(floats, tensor);
    return tensor;
  }

  private static float[] download(Kernels kernels, Tensor tensor) {
    float[] values = new float[(int) tensor.length()];
    kernels.download(tensor, values);
    return values;
  }
}
