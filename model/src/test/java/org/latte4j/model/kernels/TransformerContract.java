package org.latte4j.model.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.latte4j.model.kernels.KernelsContract.constant;
import static org.latte4j.model.kernels.KernelsContract.normal;
import static org.latte4j.model.kernels.KernelsContract.numericalGradient;
import static org.latte4j.model.kernels.KernelsContract.plus;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The operations of a transformer block: adaptive norm, gates, attention. */
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

  /** Rows, heads, width of a head, sequences. */
  record AttentionCase(int rows, int heads, int d, TokenSequences sequences) {
    int width() {
      return heads * d;
    }
  }

  static List<AttentionCase> attentionCases() {
    return List.of(
        new AttentionCase(1, 1, 1, TokenSequences.spatial(1, 1, 1)),
        new AttentionCase(2 * 3 * 5, 2, 3, TokenSequences.spatial(2, 3, 5)),
        new AttentionCase(2 * 3 * 5, 2, 3, TokenSequences.temporal(2, 3, 5)),
        new AttentionCase(16, 2, 8, TokenSequences.spatial(1, 1, 16)),
        new AttentionCase(16 * 2, 1, 16, TokenSequences.temporal(1, 16, 2)),
        new AttentionCase(9 * 2, 1, 19, TokenSequences.temporal(1, 9, 2)),
        new AttentionCase(37, 1, 5, TokenSequences.spatial(1, 1, 37)),
        new AttentionCase(2 * 5 * 3, 2, 4, new TokenSequences(2, 15, 3, 1, 4, 3)));
  }

  @ParameterizedTest
  @MethodSource("attentionCases")
  default void attentionMatchesItsDefinition(AttentionCase c) {
    double[] qkv = normal(1, c.rows() * 3 * c.width());
    Tensor probabilities = probabilitiesFor(c);
    Tensor out = arena().allocate(c.rows(), c.width());
    kernels()
        .attention(
            tensor(qkv, c.rows(), 3 * c.width()), c.heads(), c.sequences(), probabilities, out);
    assertClose(out, Reference.attention(qkv, c.width(), c.heads(), c.sequences()));
  }

  @ParameterizedTest
  @MethodSource("attentionCases")
  default void attentionBackwardMatchesCentralDifferences(AttentionCase c) {
    double[] qkv = normal(1, c.rows() * 3 * c.width());
    double[] dOut = normal(2, c.rows() * c.width());
    Tensor probabilities = probabilitiesFor(c);
    Tensor input = tensor(qkv, c.rows(), 3 * c.width());
    kernels()
        .attention(
            input, c.heads(), c.sequences(), probabilities, arena().allocate(c.rows(), c.width()));
    Tensor dQkv = arena().allocate(c.rows(), 3 * c.width());
    kernels()
        .attentionBackward(
            input,
            c.heads(),
            c.sequences(),
            probabilities,
            tensor(dOut, c.rows(), c.width()),
            dQkv);
    assertClose(
        dQkv,
        numericalGradient(
            moved -> Reference.attention(moved, c.width(), c.heads(), c.sequences()), qkv, dOut));
  }

  private Tensor probabilitiesFor(AttentionCase c) {
    int length = c.sequences().length();
    return arena().allocate(c.sequences().count(), c.heads(), length, length);
  }

  @Test
  default void attentionLeavesRowsOutsideTheSequencesAlone() {
    TokenSequences firstTwoFrames = new TokenSequences(1, 0, 3, 1, 2, 3);
    Tensor out = filled(4, 12, 6);
    kernels()
        .attention(
            tensor(normal(1, 12 * 18), 12, 18),
            2,
            firstTwoFrames,
            arena().allocate(3, 2, 2, 2),
            out);
    assertThat(values(out.slice(6 * 6, 6, 6))).containsOnly(4);
  }

  @Test
  default void attentionWithLargeScoresStaysFinite() {
    double[] qkv = normal(1, 7 * 15);
    for (int i = 0; i < qkv.length; i++) {
      qkv[i] *= i % 15 < 10 ? 64 : 1;
    }
    Tensor out = arena().allocate(7, 5);
    TokenSequences sequences = TokenSequences.spatial(1, 1, 7);
    kernels().attention(tensor(qkv, 7, 15), 1, sequences, arena().allocate(1, 1, 7, 7), out);
    double[] expected = Reference.attention(qkv, 5, 1, sequences);
    double[] got = values(out);
    for (int i = 0; i < got.length; i++) {
      assertThat(got[i]).isCloseTo(expected[i], org.assertj.core.api.Assertions.within(5e-3));
    }
  }

  @Test
  default void attentionOverMoreRowsThanThereAreIsRefused() {
    Tensor qkv = arena().allocate(10, 18);
    Tensor probabilities = arena().allocate(3, 2, 4, 4);
    Tensor out = arena().allocate(10, 6);
    assertThatThrownBy(
            () -> kernels().attention(qkv, 2, TokenSequences.temporal(1, 4, 3), probabilities, out))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("attention")
        .hasMessageContaining("[10, 18]")
        .hasMessageContaining("[10, 6]");
  }

  @ParameterizedTest
  @CsvSource({"1,1,2", "2,3,4", "4,2,18", "3,1,64"})
  default void rotationTurnsQueriesAndKeysByTheirPosition(int positions, int heads, int d) {
    int width = heads * d;
    int repeat = 2;
    int rows = 2 * positions * repeat;
    double[] qkv = normal(1, rows * 3 * width);
    double[] table = normal(2, positions * d);
    double[] expected = qkv.clone();
    for (int r = 0; r < rows; r++) {
      int angles = r / repeat % positions * d;
      for (int pair = 0; pair < 2 * heads * (d / 2); pair++) {
        int i = pair % (d / 2);
        int first = r * 3 * width + pair / (d / 2) * d + i;
        int second = first + d / 2;
        double cosine = table[angles + i];
        double sine = table[angles + d / 2 + i];
        expected[first] = qkv[first] * cosine - qkv[second] * sine;
        expected[second] = qkv[second] * cosine + qkv[first] * sine;
      }
    }
    Tensor turned = tensor(qkv, rows, 3 * width);
    kernels().rotate(turned, heads, tensor(table, positions, d), repeat, Rotation.FORWARD);
    assertClose(turned, expected);
  }

  @Test
  default void rotationBackwardUndoesARotation() {
    double[] table = {Math.cos(0.3), Math.cos(2), Math.sin(0.3), Math.sin(2)};
    Tensor qkv = tensor(normal(1, 5 * 24), 5, 24);
    Tensor angles = tensor(table, 1, 4);
    kernels().rotate(qkv, 2, angles, 1, Rotation.FORWARD);
    kernels().rotate(qkv, 2, angles, 1, Rotation.BACKWARD);
    assertClose(qkv, normal(1, 5 * 24));
  }

  @Test
  default void rotationOfHeadsThatDoNotFitTheTableIsRefused() {
    Tensor qkv = arena().allocate(4, 18);
    Tensor table = arena().allocate(2, 3);
    assertThatThrownBy(() -> kernels().rotate(qkv, 2, table, 1, Rotation.FORWARD))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rotate with 2 heads")
        .hasMessageContaining("[4, 18]")
        .hasMessageContaining("[2, 3]");
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
