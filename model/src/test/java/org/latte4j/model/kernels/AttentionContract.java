package org.latte4j.model.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.latte4j.model.kernels.KernelsContract.normal;
import static org.latte4j.model.kernels.KernelsContract.numericalGradient;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Attention, and the rotary positions of its queries and keys. */
interface AttentionContract extends KernelsContract {

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
}
