package org.latte4j.model.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Adaptive layer norm and gates in ND4J operations. Rows are seen as [B, R / B, D]. */
final class PortableModulation {
  private static final double EPSILON = 1e-6;

  void norm(
      INDArray x,
      INDArray modulation,
      int shiftChunk,
      int scaleChunk,
      INDArray statistics,
      INDArray out) {
    INDArray rows = byItem(x, modulation);
    INDArray mean = rows.mean(true, 2);
    INDArray centred = rows.sub(mean);
    INDArray variance = centred.mul(centred).mean(true, 2);
    INDArray reciprocal = Transforms.sqrt(variance.addi(EPSILON), false).rdivi(1);
    statistic(statistics, 0).assign(mean.reshape(x.size(0), 1));
    statistic(statistics, 1).assign(reciprocal.reshape(x.size(0), 1));
    INDArray scale = vectors(modulation, scaleChunk, x.size(1)).addi(1);
    INDArray shift = vectors(modulation, shiftChunk, x.size(1));
    byItem(out, modulation).assign(centred.mul(reciprocal).mul(scale).add(shift));
  }

  void normBackward(
      INDArray x,
      INDArray statistics,
      INDArray modulation,
      int shiftChunk,
      int scaleChunk,
      INDArray dOut,
      INDArray dX,
      INDArray dModulation) {
    INDArray rows = byItem(x, modulation);
    INDArray mean = byItem(statistic(statistics, 0).dup('c'), modulation);
    INDArray reciprocal = byItem(statistic(statistics, 1).dup('c'), modulation);
    INDArray normed = rows.sub(mean).mul(reciprocal);
    INDArray gradient = byItem(dOut, modulation);
    chunk(dModulation, shiftChunk, x.size(1)).assign(gradient.sum(1));
    chunk(dModulation, scaleChunk, x.size(1)).assign(gradient.mul(normed).sum(1));
    INDArray dNormed = gradient.mul(vectors(modulation, scaleChunk, x.size(1)).addi(1));
    INDArray along = normed.mul(dNormed.mul(normed).mean(true, 2));
    byItem(dX, modulation).addi(dNormed.sub(dNormed.mean(true, 2)).sub(along).mul(reciprocal));
  }

  void gate(INDArray x, INDArray branch, INDArray modulation, int gateChunk, INDArray out) {
    INDArray gate = vectors(modulation, gateChunk, x.size(1));
    INDArray sum = byItem(branch, modulation).mul(gate).addi(byItem(x, modulation));
    byItem(out, modulation).assign(sum);
  }

  void gateBackward(
      INDArray dOut,
      INDArray branch,
      INDArray modulation,
      int gateChunk,
      INDArray dBranch,
      INDArray dModulation) {
    INDArray gradient = byItem(dOut, modulation);
    INDArray gate = vectors(modulation, gateChunk, dOut.size(1));
    chunk(dModulation, gateChunk, dOut.size(1))
        .assign(gradient.mul(byItem(branch, modulation)).sum(1));
    byItem(dBranch, modulation).assign(gradient.mul(gate));
  }

  private static INDArray byItem(INDArray rows, INDArray modulation) {
    long batch = modulation.size(0);
    return rows.reshape(batch, rows.size(0) / batch, rows.size(1));
  }

  /** A copy of one vector of each item, [B, 1, D]. */
  private static INDArray vectors(INDArray modulation, int chunk, long width) {
    return chunk(modulation, chunk, width).dup('c').reshape(modulation.size(0), 1, width);
  }

  private static INDArray chunk(INDArray modulation, int chunk, long width) {
    return modulation.get(
        NDArrayIndex.all(), NDArrayIndex.interval(chunk * width, (chunk + 1) * width));
  }

  private static INDArray statistic(INDArray statistics, int column) {
    return statistics.get(NDArrayIndex.all(), NDArrayIndex.interval(column, column + 1));
  }
}
