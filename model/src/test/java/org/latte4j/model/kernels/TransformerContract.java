package org.latte4j.model.kernels;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.latte4j.model.kernels.KernelsContract.constant;
import static org.latte4j.model.kernels.KernelsContract.normal;
import static org.latte4j.model.kernels.KernelsContract.numericalGradient;
import static org.latte4j.model.kernels.KernelsContract.plus;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operations of a transformer block: adaptive norm, gates, rows. */
interface TransformerContract extends KernelsContract {

  @ParameterizedTest
  @CsvSource({"1,1,4", "2,3,13", "3,5,8", "2,100,19", "2,3,384"})
  default void normModulateMatchesItsDefinition(int batch, int tokens, int width) {
    double[] x = normal(1, batch * tokens * width);
    double[] modulation = normal(2, batch * 6 * width);
    Tensor statistics = arena().allocate(batch * tokens, 2);
    Tensor out = arena().allocate(batch * tokens, width);
    kernels()
        .normModulate(
            tensor(x, batch * tokens, width),
            tensor(modulation, batch, 6 * width),
            3,
            4,
            statistics,
            out);
    assertClose(statistics, Reference.statistics(x, width));
    assertClose(out, Reference.normModulate(x, width, modulation, batch, 3, 4));
  }

  @Test
  default void normOfConstantRowsIsTheShift() {
    Tensor out = arena().allocate(2, 9);
    double[] modulation = normal(2, 18);
    kernels()
        .normModulate(
            filled(3, 2, 9), tensor(modulation, 1, 18), 0, 1, arena().allocate(2, 2), out);
    double[] expected = new double[18];
    for (int i = 0; i < 18; i++) {
      expected[i] = modulation[i % 9];
    }
    assertClose(out, expected);
  }

  @ParameterizedTest
  @CsvSource({"1,1,4", "2,3,13", "3,5,8", "2,100,9"})
  default void normModulateBackwardMatchesCentralDifferences(int batch, int tokens, int width) {
    int rows = batch * tokens;
    double[] x = normal(1, rows * width);
    double[] modulation = normal(2, batch * 3 * width);
    double[] dOut = normal(3, rows * width);
    Tensor statistics = arena().allocate(rows, 2);
    Tensor input = tensor(x, rows, width);
    Tensor vectors = tensor(modulation, batch, 3 * width);
    kernels().normModulate(input, vectors, 2, 0, statistics, arena().allocate(rows, width));
    Tensor dX = filled(0.5, rows, width);
    Tensor dModulation = filled(7, batch, 3 * width);
    kernels()
        .normModulateBackward(
            input, statistics, vectors, 2, 0, tensor(dOut, rows, width), dX, dModulation);
    double[] expected = new double[rows * width];
    for (int r = 0; r < rows; r++) {
      int item = r / tokens;
      double[] row = java.util.Arrays.copyOfRange(x, r * width, (r + 1) * width);
      double[] own =
          java.util.Arrays.copyOfRange(modulation, item * 3 * width, (item + 1) * 3 * width);
      double[] weights = java.util.Arrays.copyOfRange(dOut, r * width, (r + 1) * width);
      double[] gradient =
          numericalGradient(
              moved -> Reference.normModulate(moved, width, own, 1, 2, 0), row, weights);
      System.arraycopy(gradient, 0, expected, r * width, width);
    }
    assertClose(dX, plus(expected, constant(0.5, expected.length)));
    double[] expectedModulation =
        numericalGradient(
            moved -> Reference.normModulate(x, width, moved, batch, 2, 0), modulation, dOut);
    for (int i = 0; i < expectedModulation.length; i++) {
      if (i / width % 3 == 1) {
        expectedModulation[i] = 7;
      }
    }
    assertClose(dModulation, expectedModulation);
  }

  @Test
  default void modulationThatDoesNotFitIsRefused() {
    Tensor x = arena().allocate(4, 6);
    Tensor modulation = arena().allocate(3, 12);
    Tensor statistics = arena().allocate(4, 2);
    Tensor out = arena().allocate(4, 6);
    assertThatThrownBy(() -> kernels().normModulate(x, modulation, 0, 1, statistics, out))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("normModulate")
        .hasMessageContaining("[4, 6]")
        .hasMessageContaining("[3, 12]");
  }

  @ParameterizedTest
  @CsvSource({"1,1,3", "2,3,13", "2,150,8"})
  default void gatedAddMatchesItsDefinition(int batch, int tokens, int width) {
    int rows = batch * tokens;
    double[] x = normal(1, rows * width);
    double[] branch = normal(2, rows * width);
    double[] bias = normal(3, width);
    double[] modulation = normal(4, batch * 2 * width);
    Tensor biased = tensor(branch, rows, width);
    Tensor out = arena().allocate(rows, width);
    kernels()
        .gatedAdd(
            tensor(x, rows, width),
            biased,
            tensor(bias, width),
            tensor(modulation, batch, 2 * width),
            1,
            out);
    assertClose(biased, Reference.addBias(branch, bias));
    assertClose(out, Reference.gatedAdd(x, branch, bias, modulation, batch, 1));
  }

  @Test
  default void gatedAddMayWriteOverItsInput() {
    Tensor x = tensor(normal(1, 26), 2, 13);
    kernels()
        .gatedAdd(
            x,
            tensor(normal(2, 26), 2, 13),
            tensor(normal(3, 13), 13),
            tensor(normal(4, 26), 2, 13),
            0,
            x);
    assertClose(
        x, Reference.gatedAdd(normal(1, 26), normal(2, 26), normal(3, 13), normal(4, 26), 2, 0));
  }

  @ParameterizedTest
  @CsvSource({"1,1,3", "2,3,13", "3,60,4"})
  default void gatedAddBackwardMatchesCentralDifferences(int batch, int tokens, int width) {
    int rows = batch * tokens;
    double[] x = normal(1, rows * width);
    double[] branch = normal(2, rows * width);
    double[] bias = normal(3, width);
    double[] modulation = normal(4, batch * 2 * width);
    double[] dOut = normal(5, rows * width);
    Tensor dBranch = filled(8, rows, width);
    Tensor dModulation = filled(7, batch, 2 * width);
    Tensor dBias = filled(2, width);
    kernels()
        .gatedAddBackward(
            tensor(dOut, rows, width),
            tensor(Reference.addBias(branch, bias), rows, width),
            tensor(modulation, batch, 2 * width),
            1,
            dBranch,
            dModulation,
            dBias);
    double[] expectedModulation =
        numericalGradient(
            moved -> Reference.gatedAdd(x, branch, bias, moved, batch, 1), modulation, dOut);
    for (int i = 0; i < expectedModulation.length; i++) {
      if (i / width % 2 == 0) {
        expectedModulation[i] = 7;
      }
    }
    double[] expectedBias =
        numericalGradient(
            moved -> Reference.gatedAdd(x, branch, moved, modulation, batch, 1), bias, dOut);
    double[] expectedBranch =
        numericalGradient(
            moved -> Reference.gatedAdd(x, moved, bias, modulation, batch, 1), branch, dOut);
    assertClose(dModulation, expectedModulation);
    assertClose(dBias, plus(expectedBias, constant(2, width)));
    assertClose(dBranch, expectedBranch);
  }

  @Test
  default void copiedRowsKeepTheOrderOfTheSequencesAndLeaveOthersAlone() {
    int width = 5;
    double[] values = normal(1, 12 * width);
    TokenSequences temporal = TokenSequences.temporal(1, 3, 4);
    TokenSequences withGaps = new TokenSequences(4, 4, 1, 0, 3, 1);
    Tensor to = filled(9, 16, width);
    kernels().copyRows(tensor(values, 12, width), temporal, to, withGaps);
    double[] expected = constant(9, 16 * width);
    for (int place = 0; place < 4; place++) {
      for (int frame = 0; frame < 3; frame++) {
        System.arraycopy(
            values, (frame * 4 + place) * width, expected, (place * 4 + frame) * width, width);
      }
    }
    assertClose(to, expected);
  }

  @Test
  default void copyingMoreRowsThanThereIsRoomForIsRefused() {
    Tensor from = arena().allocate(6, 5);
    Tensor to = arena().allocate(6, 5);
    TokenSequences six = TokenSequences.spatial(1, 2, 3);
    TokenSequences twelve = TokenSequences.spatial(1, 4, 3);
    assertThatThrownBy(() -> kernels().copyRows(from, six, to, twelve))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("copyRows")
        .hasMessageContaining("[6, 5]");
  }
}
