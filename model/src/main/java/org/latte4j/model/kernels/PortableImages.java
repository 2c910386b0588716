package org.latte4j.model.kernels;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The autoencoder's operations in ND4J operations. */
final class PortableImages {
  /** ND4J's code for weights stored as [O, C, k, k]. */
  private static final int WEIGHTS_OCKK = 1;

  void convolution(
      INDArray x,
      INDArray weight,
      INDArray bias,
      int stride,
      int padBefore,
      int padAfter,
      INDArray out) {
    int kernel = (int) weight.size(2);
    Nd4j.exec(
        DynamicCustomOp.builder("conv2d")
            .addInputs(padded(x, padBefore, padAfter), weight, bias)
            .addOutputs(out)
            .addIntegerArguments(kernel, kernel, stride, stride, 0, 0, 1, 1, 0, 0, WEIGHTS_OCKK)
            .build());
  }

  void convolutionBackward(
      INDArray x,
      INDArray weight,
      int stride,
      int padBefore,
      int padAfter,
      INDArray dOut,
      INDArray dX,
      INDArray dWeight,
      INDArray dBias) {
    int kernel = (int) weight.size(2);
    INDArray padded = padded(x, padBefore, padAfter);
    INDArray dPadded = Nd4j.create(x.dataType(), padded.shape());
    INDArray weightGradient = Nd4j.create(x.dataType(), weight.shape());
    INDArray biasGradient = Nd4j.create(x.dataType(), dBias.length());
    Nd4j.exec(
        DynamicCustomOp.builder("conv2d_bp")
            .addInputs(padded, weight, dBias, dOut)
            .addOutputs(dPadded, weightGradient, biasGradient)
            .addIntegerArguments(kernel, kernel, stride, stride, 0, 0, 1, 1, 0, 0, WEIGHTS_OCKK)
            .build());
    dWeight.addi(weightGradient);
    dBias.addi(biasGradient);
    dX.assign(
        dPadded.get(
            NDArrayIndex.all(),
            NDArrayIndex.all(),
            NDArrayIndex.interval(padBefore, padBefore + x.size(2)),
            NDArrayIndex.interval(padBefore, padBefore + x.size(3))));
  }

  private static INDArray padded(INDArray x, int before, int after) {
    if (before == 0 && after == 0) {
      return x;
    }
    long height = x.size(2);
    long width = x.size(3);
    INDArray padded =
        Nd4j.create(
            x.dataType(), x.size(0), x.size(1), height + before + after, width + before + after);
    padded
        .get(
            NDArrayIndex.all(),
            NDArrayIndex.all(),
            NDArrayIndex.interval(before, before + height),
            NDArrayIndex.interval(before, before + width))
        .assign(x);
    return padded;
  }

  /** Statistics in double precision: a group may hold a million pixels. */
  void groupNorm(
      INDArray x, int groups, INDArray gamma, INDArray beta, double epsilon, INDArray out) {
    long batch = x.size(0);
    long channels = x.size(1);
    long pixels = x.size(2) * x.size(3);
    INDArray values = x.castTo(DataType.DOUBLE).reshape(batch * groups, channels / groups * pixels);
    INDArray centred = values.sub(values.mean(true, 1));
    INDArray variance = centred.mul(centred).mean(true, 1);
    INDArray deviation = Transforms.sqrt(variance.addi(epsilon), false);
    INDArray normed = centred.div(deviation).castTo(x.dataType()).reshape(batch, channels, pixels);
    INDArray scaled = normed.mul(gamma.reshape(1, channels, 1)).add(beta.reshape(1, channels, 1));
    out.assign(scaled.reshape(out.shape()));
  }

  /** dX = (g - mean(g) - x^ mean(g x^)) / deviation with g = gamma dOut, x^ the normed values. */
  void groupNormBackward(
      INDArray x,
      int groups,
      INDArray gamma,
      double epsilon,
      INDArray dOut,
      INDArray dX,
      INDArray dGamma,
      INDArray dBeta) {
    long batch = x.size(0);
    long channels = x.size(1);
    long pixels = x.size(2) * x.size(3);
    long[] byGroup = {batch * groups, channels / groups * pixels};
    long[] byChannel = {batch, channels, pixels};
    INDArray values = x.castTo(DataType.DOUBLE).reshape(byGroup);
    INDArray centred = values.sub(values.mean(true, 1));
    INDArray variance = centred.mul(centred).mean(true, 1);
    INDArray deviation = Transforms.sqrt(variance.addi(epsilon), false);
    INDArray normed = centred.div(deviation);
    INDArray gradient = dOut.castTo(DataType.DOUBLE).reshape(byChannel);
    INDArray projected = gradient.mul(normed.reshape(byChannel));
    dGamma.addi(projected.sum(0, 2).castTo(x.dataType()));
    dBeta.addi(gradient.sum(0, 2).castTo(x.dataType()));
    INDArray scaled =
        gradient.mul(gamma.castTo(DataType.DOUBLE).reshape(1, channels, 1)).reshape(byGroup);
    INDArray along = normed.mul(scaled.mul(normed).mean(true, 1));
    INDArray all = scaled.sub(scaled.mean(true, 1)).sub(along).div(deviation);
    dX.assign(all.castTo(x.dataType()).reshape(dX.shape()));
  }

  void upsampleNearestBackward(INDArray dOut, INDArray dX) {
    dX.assign(0);
    for (int row = 0; row < 2; row++) {
      for (int column = 0; column < 2; column++) {
        dX.addi(
            dOut.get(
                NDArrayIndex.all(),
                NDArrayIndex.all(),
                NDArrayIndex.interval(row, 2, dOut.size(2)),
                NDArrayIndex.interval(column, 2, dOut.size(3))));
      }
    }
  }

  void upsampleNearest(INDArray x, INDArray out) {
    for (int row = 0; row < 2; row++) {
      for (int column = 0; column < 2; column++) {
        out.get(
                NDArrayIndex.all(),
                NDArrayIndex.all(),
                NDArrayIndex.interval(row, 2, out.size(2)),
                NDArrayIndex.interval(column, 2, out.size(3)))
            .assign(x);
      }
    }
  }
}
