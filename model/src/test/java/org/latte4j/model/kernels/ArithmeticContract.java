package org.latte4j.model.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.latte4j.model.kernels.KernelsContract.constant;
import static org.latte4j.model.kernels.KernelsContract.normal;
import static org.latte4j.model.kernels.KernelsContract.numericalGradient;
import static org.latte4j.model.kernels.KernelsContract.plus;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products, and operations on single values and rows. */
interface ArithmeticContract extends KernelsContract {

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 1000, 100_003})
  default void addScaleAndCopyWorkOnEveryLength(int length) {
    Tensor x = tensor(normal(1, length), length);
    Tensor y = tensor(normal(2, length), length);
    kernels().add(x, y);
    kernels().scale(y, -0.5);
    Tensor z = arena().allocate(length);
    kernels().copy(y, z);
    double[] expected = plus(normal(1, length), normal(2, length));
    for (int i = 0; i < length; i++) {
      expected[i] *= -0.5;
    }
    assertClose(z, expected);
  }

  @Test
  default void additionOfAnotherLengthIsRefused() {
    Tensor x = arena().allocate(2, 3);
    Tensor y = arena().allocate(5);
    assertThatThrownBy(() -> kernels().add(x, y))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("add")
        .hasMessageContaining("[2, 3]")
        .hasMessageContaining("[5]");
  }

  @Test
  default void sumOfSquaresIsTakenInDoublePrecision() {
    int length = 3_000_001;
    Tensor x = filled(0.1, length);
    double square = (double) 0.1f * 0.1f;
    assertThat(kernels().sumOfSquares(x)).isCloseTo(square * length, within(1e-3));
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,1",
    "3,5,7",
    "16,16,64",
    "67,41,131",
    "300,70,33",
    "33,300,70",
    "1,384,40",
    "200,1,9",
    "5,1000,3"
  })
  default void productsMatchTheirDefinition(int m, int n, int k) {
    for (Operand opA : Operand.values()) {
      for (Operand opB : Operand.values()) {
        double[] a = normal(1, m * k);
        double[] b = normal(2, k * n);
        Tensor left = opA == Operand.PLAIN ? tensor(a, m, k) : tensor(a, k, m);
        Tensor right = opB == Operand.PLAIN ? tensor(b, k, n) : tensor(b, n, k);
        Tensor c = filled(3, m, n);
        double[] expected = Reference.multiply(a, opA, b, opB, m, n, k);
        kernels().multiply(left, opA, right, opB, Write.SET, c);
        assertClose(c, expected);
        kernels().multiply(left, opA, right, opB, Write.ADD, c);
        assertClose(c, plus(expected, expected));
      }
    }
  }

  @Test
  default void productsOfUnequalSizesAreRefused() {
    Tensor a = arena().allocate(2, 3);
    Tensor b = arena().allocate(2, 5);
    Tensor c = arena().allocate(2, 5);
    assertThatThrownBy(() -> kernels().multiply(a, Operand.PLAIN, b, Operand.PLAIN, Write.SET, c))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("multiply")
        .hasMessageContaining("[2, 3]")
        .hasMessageContaining("[2, 5]");
  }

  @ParameterizedTest
  @CsvSource({"1,1", "5,13", "700,24", "3,4000"})
  default void biasIsAddedToEveryRow(int rows, int columns) {
    Tensor x = tensor(normal(1, rows * columns), rows, columns);
    kernels().addBias(x, tensor(normal(2, columns), columns));
    assertClose(x, Reference.addBias(normal(1, rows * columns), normal(2, columns)));
  }

  @ParameterizedTest
  @CsvSource({"1,1", "5,13", "700,24", "1500,3", "3,4000"})
  default void columnSumsAreAddedToWhatIsThere(int rows, int columns) {
    Tensor sum = filled(2, columns);
    kernels().addColumnSums(tensor(normal(1, rows * columns), rows, columns), sum);
    assertClose(
        sum, plus(Reference.columnSums(normal(1, rows * columns), columns), constant(2, columns)));
  }

  @ParameterizedTest
  @CsvSource({"12,5,3,1", "12,5,3,4", "24,9,3,4", "7,5,3,2"})
  default void tableRowsRepeat(int rows, int width, int tableRows, int repeat) {
    double[] x = normal(1, rows * width);
    double[] table = normal(2, tableRows * width);
    Tensor out = tensor(x, rows, width);
    kernels().addTable(out, tensor(table, tableRows, width), repeat);
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < width; i++) {
        x[r * width + i] += table[r / repeat % tableRows * width + i];
      }
    }
    assertClose(out, x);
  }

  @Test
  default void lookupsAddTableRows() {
    double[] table = normal(1, 4 * 5);
    Tensor out = filled(1, 3, 5);
    kernels().addLookup(tensor(table, 4, 5), new int[] {3, 0, 3}, out);
    double[] expected = new double[15];
    int[] ids = {3, 0, 3};
    for (int i = 0; i < 15; i++) {
      expected[i] = 1 + table[ids[i / 5] * 5 + i % 5];
    }
    assertClose(out, expected);
  }

  @Test
  default void lookupGradientsAddUpForRepeatedIds() {
    double[] dOut = normal(1, 15);
    Tensor dTable = filled(1, 4, 5);
    kernels().addLookupGradient(tensor(dOut, 3, 5), new int[] {3, 0, 3}, dTable);
    double[] expected = constant(1, 20);
    for (int i = 0; i < 5; i++) {
      expected[i] += dOut[5 + i];
      expected[15 + i] += dOut[i] + dOut[10 + i];
    }
    assertClose(dTable, expected);
  }

  @Test
  default void lookupsOutsideTheTableAreRefused() {
    Tensor table = arena().allocate(4, 5);
    Tensor out = arena().allocate(1, 5);
    assertThatThrownBy(() -> kernels().addLookup(table, new int[] {4}, out))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("id 4")
        .hasMessageContaining("0..3");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 13, 5000})
  default void siluMatchesItsDefinition(int length) {
    double[] x = normal(1, length);
    Tensor out = arena().allocate(length);
    kernels().silu(tensor(x, length), out);
    assertClose(out, Reference.silu(x));
  }

  @Test
  default void siluStaysFiniteFarFromZero() {
    double[] x = {-200, -90, -88, 88, 90, 200};
    Tensor out = arena().allocate(6);
    kernels().silu(tensor(x, 6), out);
    assertClose(out, Reference.silu(x));
  }

  @Test
  default void siluBackwardMatchesCentralDifferences() {
    double[] x = normal(1, 37);
    double[] dOut = normal(2, 37);
    Tensor dX = filled(5, 37);
    kernels().siluBackward(tensor(x, 37), tensor(dOut, 37), dX);
    assertClose(dX, numericalGradient(Reference::silu, x, dOut));
  }

  @ParameterizedTest
  @CsvSource({"1,1", "5,13", "70,96", "3,4000"})
  default void biasGeluMatchesItsDefinition(int rows, int columns) {
    double[] x = normal(1, rows * columns);
    double[] bias = normal(2, columns);
    Tensor biased = tensor(x, rows, columns);
    Tensor out = arena().allocate(rows, columns);
    kernels().biasGelu(biased, tensor(bias, columns), out);
    assertClose(biased, Reference.addBias(x, bias));
    assertClose(out, Reference.gelu(Reference.addBias(x, bias)));
  }

  @Test
  default void geluOfOneIsTheTanhFormsValue() {
    Tensor out = arena().allocate(1, 1);
    kernels().biasGelu(filled(1, 1, 1), filled(0, 1), out);
    assertThat(values(out)[0]).isCloseTo(0.841192, within(1e-6));
  }

  @Test
  default void geluStaysFiniteFarFromZero() {
    double[] x = {-1000, -50, -10, 10, 50, 1000};
    Tensor out = arena().allocate(1, 6);
    kernels().biasGelu(tensor(x, 1, 6), filled(0, 6), out);
    assertClose(out, Reference.gelu(x));
  }

  @ParameterizedTest
  @CsvSource({"5,13", "600,3"})
  default void biasGeluBackwardMatchesCentralDifferences(int rows, int columns) {
    double[] x = normal(1, rows * columns);
    double[] dOut = normal(2, rows * columns);
    Tensor gradient = tensor(dOut, rows, columns);
    Tensor dBias = filled(2, columns);
    kernels().biasGeluBackward(tensor(x, rows, columns), gradient, dBias);
    double[] expected = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      expected[i] =
          numericalGradient(Reference::gelu, new double[] {x[i]}, new double[] {dOut[i]})[0];
    }
    assertClose(gradient, expected);
    assertClose(dBias, plus(Reference.columnSums(expected, columns), constant(2, columns)));
  }

  @ParameterizedTest
  @CsvSource({"1,1", "3,7", "17,16", "300,65"})
  default void softmaxMatchesItsDefinition(int rows, int columns) {
    double[] x = normal(1, rows * columns);
    Tensor out = tensor(x, rows, columns);
    kernels().softmax(out, 0.7);
    assertClose(out, Reference.softmax(x, columns, 0.7));
  }

  @Test
  default void softmaxOfEqualValuesIsUniform() {
    Tensor out = filled(1e4, 2, 11);
    kernels().softmax(out, 1);
    assertClose(out, constant(1 / 11.0, 22));
  }

  @Test
  default void softmaxOfFarApartValuesPicksTheHighest() {
    Tensor out = tensor(new double[] {-3e4, 3e4, -3e4}, 1, 3);
    kernels().softmax(out, 1);
    assertClose(out, 0, 1, 0);
  }

  @Test
  default void permuteReordersDimensions() {
    double[] x = normal(1, 2 * 3 * 4 * 5);
    Tensor out = arena().allocate(4, 2, 5, 3);
    kernels().permute(tensor(x, 2, 3, 4, 5), new int[] {2, 0, 3, 1}, out);
    double[] expected = new double[x.length];
    int at = 0;
    for (int c = 0; c < 4; c++) {
      for (int a = 0; a < 2; a++) {
        for (int d = 0; d < 5; d++) {
          for (int b = 0; b < 3; b++) {
            expected[at++] = x[((a * 3 + b) * 4 + c) * 5 + d];
          }
        }
      }
    }
    assertClose(out, expected);
  }

  @Test
  default void permuteKeepsLongInnerRuns() {
    double[] x = normal(1, 3 * 70 * 40);
    Tensor out = arena().allocate(70, 3, 40);
    kernels().permute(tensor(x, 3, 70, 40), new int[] {1, 0, 2}, out);
    double[] expected = new double[x.length];
    for (int a = 0; a < 3; a++) {
      for (int b = 0; b < 70; b++) {
        System.arraycopy(x, (a * 70 + b) * 40, expected, (b * 3 + a) * 40, 40);
      }
    }
    assertClose(out, expected);
  }

  @Test
  default void permuteToAShapeThatDoesNotFollowIsRefused() {
    Tensor x = arena().allocate(2, 3);
    Tensor out = arena().allocate(2, 3);
    assertThatThrownBy(() -> kernels().permute(x, new int[] {1, 0}, out))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("permute")
        .hasMessageContaining("[2, 3]");
  }
}
