package org.latte4j.model.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.latte4j.model.kernels.KernelsContract.constant;
import static org.latte4j.model.kernels.KernelsContract.length;
import static org.latte4j.model.kernels.KernelsContract.normal;
import static org.latte4j.model.kernels.KernelsContract.numericalGradient;
import static org.latte4j.model.kernels.KernelsContract.plus;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operations of the convolutional autoencoder. */
interface ImageContract extends KernelsContract {

  /** A convolution's sizes: of B images [C, h, w] with O kernels [C, k, k]. */
  record Convolution(int b, int c, int h, int w, int o, int k, int stride, int before, int after) {
    int[] x() {
      return new int[] {b, c, h, w};
    }

    int[] weight() {
      return new int[] {o, c, k, k};
    }

    int[] out() {
      int padding = before + after;
      return new int[] {b, o, (h + padding - k) / stride + 1, (w + padding - k) / stride + 1};
    }

    /** By definition. */
    double[] of(double[] x, double[] weight, double[] bias) {
      return Reference.convolution(x, x(), weight, weight(), bias, stride, before, out());
    }
  }

  @ParameterizedTest(name = "B{0} C{1} {2}x{3} O{4} k{5} stride {6} padding {7},{8}")
  @CsvSource({
    "1,1,1,1,1,1,1,0,0",
    "2,3,7,5,4,3,1,1,1",
    "1,3,8,8,5,3,2,0,1",
    "1,3,7,9,5,3,2,0,1",
    "2,4,6,5,3,1,1,0,0",
    "1,2,33,47,9,3,1,1,1",
    "1,2,6,6,2,5,1,2,2",
    "1,16,70,65,8,3,1,1,1"
  })
  default void convolutionMatchesItsDefinition(
      int b, int c, int h, int w, int o, int k, int stride, int before, int after) {
    Convolution sizes = new Convolution(b, c, h, w, o, k, stride, before, after);
    double[] x = normal(1, length(sizes.x()));
    double[] weight = normal(2, length(sizes.weight()));
    double[] bias = normal(3, o);
    Tensor out = filled(9, sizes.out());
    kernels()
        .convolution(
            tensor(x, sizes.x()),
            tensor(weight, sizes.weight()),
            tensor(bias, o),
            stride,
            before,
            after,
            out);
    assertClose(out, sizes.of(x, weight, bias));
  }

  @Test
  default void convolutionToAnotherSizeIsRefused() {
    Tensor x = arena().allocate(1, 3, 8, 8);
    Tensor weight = arena().allocate(4, 3, 3, 3);
    Tensor bias = arena().allocate(4);
    Tensor out = arena().allocate(1, 4, 7, 8);
    assertThatThrownBy(() -> kernels().convolution(x, weight, bias, 1, 1, 1, out))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("convolution")
        .hasMessageContaining("[1, 3, 8, 8]")
        .hasMessageContaining("[1, 4, 7, 8]");
  }

  @ParameterizedTest
  @CsvSource({"1,1,1,1,1", "2,6,3,5,3", "1,32,9,9,32", "2,4,150,141,2"})
  default void groupNormMatchesItsDefinition(int b, int c, int h, int w, int groups) {
    int[] shape = {b, c, h, w};
    double[] x = normal(1, length(shape));
    double[] gamma = normal(2, c);
    double[] beta = normal(3, c);
    Tensor out = arena().allocate(shape);
    kernels().groupNorm(tensor(x, shape), groups, tensor(gamma, c), tensor(beta, c), 1e-6, out);
    assertClose(out, Reference.groupNorm(x, shape, groups, gamma, beta, 1e-6));
  }

  @Test
  default void groupNormKeepsSmallDeviationsFromALargeMean() {
    int[] shape = {1, 2, 64, 64};
    double[] x = normal(1, length(shape));
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (100 + x[i] * 0.25);
    }
    Tensor out = arena().allocate(shape);
    kernels().groupNorm(tensor(x, shape), 1, filled(1, 2), filled(0, 2), 1e-6, out);
    assertClose(
        out, Reference.groupNorm(x, shape, 1, new double[] {1, 1}, new double[] {0, 0}, 1e-6));
  }

  @Test
  default void groupsThatDoNotDivideTheChannelsAreRefused() {
    Tensor x = arena().allocate(1, 5, 2, 2);
    Tensor vector = arena().allocate(5);
    Tensor out = arena().allocate(1, 5, 2, 2);
    assertThatThrownBy(() -> kernels().groupNorm(x, 2, vector, vector, 1e-6, out))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 groups")
        .hasMessageContaining("[1, 5, 2, 2]");
  }

  @Test
  default void upsamplingRepeatsPixels() {
    int[] shape = {2, 3, 4, 5};
    double[] x = normal(1, length(shape));
    Tensor out = arena().allocate(2, 3, 8, 10);
    kernels().upsampleNearest(tensor(x, shape), out);
    double[] expected = new double[4 * x.length];
    for (int i = 0; i < expected.length; i++) {
      int column = i % 10 / 2;
      int row = i / 10 % 8 / 2;
      expected[i] = x[(i / 80 * 4 + row) * 5 + column];
    }
    assertClose(out, expected);
  }

  @ParameterizedTest(name = "B{0} C{1} {2}x{3} O{4} k{5} stride {6} padding {7},{8}")
  @CsvSource({
    "1,1,1,1,1,1,1,0,0",
    "2,3,5,4,2,3,1,1,1",
    "2,3,6,6,2,3,2,0,1",
    "1,2,7,5,3,3,2,0,1",
    "2,4,3,5,3,1,1,0,0",
    "1,2,4,4,2,5,1,2,2",
    "1,19,3,3,2,3,1,1,1"
  })
  default void gradientsOfConvolutionAreItsDerivatives(
      int b, int c, int h, int w, int o, int k, int stride, int before, int after) {
    Convolution sizes = new Convolution(b, c, h, w, o, k, stride, before, after);
    double[] x = normal(1, length(sizes.x()));
    double[] weight = normal(2, length(sizes.weight()));
    double[] bias = normal(3, o);
    double[] dOut = normal(4, length(sizes.out()));
    Tensor dX = filled(9, sizes.x());
    Tensor dWeight = filled(2, sizes.weight());
    Tensor dBias = filled(3, o);
    kernels()
        .convolutionBackward(
            tensor(x, sizes.x()),
            tensor(weight, sizes.weight()),
            stride,
            before,
            after,
            tensor(dOut, sizes.out()),
            dX,
            dWeight,
            dBias);
    assertClose(dX, numericalGradient(v -> sizes.of(v, weight, bias), x, dOut));
    assertClose(
        dWeight,
        plus(
            constant(2, weight.length),
            numericalGradient(v -> sizes.of(x, v, bias), weight, dOut)));
    assertClose(
        dBias, plus(constant(3, o), numericalGradient(v -> sizes.of(x, weight, v), bias, dOut)));
  }

  /** Larger than a block of unfolded rows: sums over blocks, and windows across their borders. */
  @ParameterizedTest(name = "stride {0} padding {1},{2}")
  @CsvSource({"1,1,1", "2,0,1"})
  default void gradientsOfALargeConvolutionAreItsAdjoints(int stride, int before, int after) {
    int[] xShape = {1, 12, 90, 70};
    int[] weightShape = {8, 12, 3, 3};
    int[] outShape = {
      1, 8, (90 + before + after - 3) / stride + 1, (70 + before + after - 3) / stride + 1
    };
    double[] x = normal(1, length(xShape));
    double[] weight = normal(2, length(weightShape));
    double[] dOut = normal(4, length(outShape));
    Tensor dX = filled(9, xShape);
    Tensor dWeight = filled(0, weightShape);
    kernels()
        .convolutionBackward(
            tensor(x, xShape),
            tensor(weight, weightShape),
            stride,
            before,
            after,
            tensor(dOut, outShape),
            dX,
            dWeight,
            filled(0, 8));
    // The convolution is linear in both: <f(x', w), dOut> = <x', dX> and <f(x, w'), dOut> = <w',
    // dW>.
    double[] none = new double[8];
    double[] otherX = normal(5, x.length);
    double[] otherWeight = normal(6, weight.length);
    assertThat(dot(values(dX), otherX))
        .isCloseTo(
            dot(
                Reference.convolution(
                    otherX, xShape, weight, weightShape, none, stride, before, outShape),
                dOut),
            Offset.offset(5e-2));
    assertThat(dot(values(dWeight), otherWeight))
        .isCloseTo(
            dot(
                Reference.convolution(
                    x, xShape, otherWeight, weightShape, none, stride, before, outShape),
                dOut),
            Offset.offset(5e-2));
  }

  @ParameterizedTest
  @CsvSource({"1,2,3,3,1", "2,6,3,5,3", "1,8,2,2,8"})
  default void gradientsOfGroupNormAreItsDerivatives(int b, int c, int h, int w, int groups) {
    int[] shape = {b, c, h, w};
    double[] x = normal(1, length(shape));
    double[] gamma = normal(2, c);
    double[] beta = normal(3, c);
    double[] dOut = normal(4, length(shape));
    Tensor dX = filled(9, shape);
    Tensor dGamma = filled(2, c);
    Tensor dBeta = filled(3, c);
    kernels()
        .groupNormBackward(
            tensor(x, shape),
            groups,
            tensor(gamma, c),
            1e-2,
            tensor(dOut, shape),
            dX,
            dGamma,
            dBeta);
    assertClose(
        dX,
        numericalGradient(v -> Reference.groupNorm(v, shape, groups, gamma, beta, 1e-2), x, dOut));
    assertClose(
        dGamma,
        plus(
            constant(2, c),
            numericalGradient(
                v -> Reference.groupNorm(x, shape, groups, v, beta, 1e-2), gamma, dOut)));
    assertClose(
        dBeta,
        plus(
            constant(3, c),
            numericalGradient(
                v -> Reference.groupNorm(x, shape, groups, gamma, v, 1e-2), beta, dOut)));
  }

  /**
   * A group of many blocks: shifting and scaling its values changes nothing, so dX is at right
   * angles.
   */
  @Test
  default void gradientOfALargeGroupNormIsAtRightAnglesToItsInput() {
    int[] shape = {1, 4, 60, 75};
    double[] x = normal(1, length(shape));
    Tensor dX = filled(9, shape);
    kernels()
        .groupNormBackward(
            tensor(x, shape),
            1,
            tensor(normal(2, 4), 4),
            0,
            tensor(normal(4, x.length), shape),
            dX,
            filled(0, 4),
            filled(0, 4));
    double[] gradient = values(dX);
    double size = Math.sqrt(dot(gradient, gradient));
    assertThat(size).isGreaterThan(10);
    assertThat(dot(gradient, x) / size).isCloseTo(0, Offset.offset(1e-3));
    assertThat(dot(gradient, constant(1, x.length)) / size).isCloseTo(0, Offset.offset(1e-3));
  }

  @Test
  default void gradientOfUpsamplingIsTheSumOverCopies() {
    int[] shape = {2, 3, 4, 5};
    double[] dOut = normal(1, 4 * length(shape));
    Tensor dX = filled(9, shape);
    kernels().upsampleNearestBackward(tensor(dOut, 2, 3, 8, 10), dX);
    double[] expected = new double[length(shape)];
    for (int i = 0; i < dOut.length; i++) {
      int column = i % 10 / 2;
      int row = i / 10 % 8 / 2;
      expected[(i / 80 * 4 + row) * 5 + column] += dOut[i];
    }
    assertClose(dX, expected);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
