package org.latte4j.model.kernels;

import static org.latte4j.model.kernels.VectorMath.WIDTH;
import static org.latte4j.model.kernels.VectorMath.broadcast;
import static org.latte4j.model.kernels.VectorMath.load;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** Operations that take each value by itself. */
final class VectorElementwise {
  /** Values copied to scratch at a time: two arrays of them stay in the first-level cache. */
  private static final int BLOCK = 4096;

  /** Blocks of a chunk. */
  private static final int BLOCKS = 8;

  private final Workers workers;

  VectorElementwise(Workers workers) {
    this.workers = workers;
  }

  /** What is done with a block of {@code x} and {@code y}; the result is left in {@code y}. */
  @FunctionalInterface
  private interface Function {
    void apply(float[] x, float[] y, int length);
  }

  void fill(HostTensor x, float value) {
    run(
        x.length(),
        (at, length, scratch) -> {
          float[] block = scratch.array(0, BLOCK);
          Arrays.fill(block, 0, length, value);
          x.write(at, block, 0, length);
        });
  }

  void copy(HostTensor from, HostTensor to) {
    run(
        from.length(),
        (at, length, scratch) -> {
          float[] block = scratch.array(0, BLOCK);
          from.read(at, block, 0, length);
          to.write(at, block, 0, length);
        });
  }

  void add(HostTensor x, HostTensor sum) {
    combine(x, sum, sum, VectorElementwise::addBlock);
  }

  void scale(HostTensor x, float factor) {
    run(
        x.length(),
        (at, length, scratch) -> {
          float[] block = scratch.array(0, BLOCK);
          x.read(at, block, 0, length);
          scaleBlock(block, factor, length);
          x.write(at, block, 0, length);
        });
  }

  void silu(HostTensor x, HostTensor out) {
    run(
        x.length(),
        (at, length, scratch) -> {
          float[] block = scratch.array(0, BLOCK);
          x.read(at, block, 0, length);
          siluBlock(block, length);
          out.write(at, block, 0, length);
        });
  }

  void siluBackward(HostTensor x, HostTensor dOut, HostTensor dX) {
    combine(x, dOut, dX, VectorElementwise::siluBackwardBlock);
  }

  double sumOfSquares(HostTensor x) {
    double[] sums = new double[chunks(x.length())];
    run(
        x.length(),
        (at, length, scratch) -> {
          float[] block = scratch.array(0, BLOCK);
          x.read(at, block, 0, length);
          sums[(int) (at / (BLOCK * BLOCKS))] += squares(block, length);
        });
    double sum = 0;
    for (double part : sums) {
      sum += part;
    }
    return sum;
  }

  @FunctionalInterface
  private interface Block {
    void run(long at, int length, Scratch scratch);
  }

  private void combine(HostTensor x, HostTensor y, HostTensor out, Function function) {
    run(
        x.length(),
        (at, length, scratch) -> {
          float[] left = scratch.array(0, BLOCK);
          float[] right = scratch.array(1, BLOCK);
          x.read(at, left, 0, length);
          y.read(at, right, 0, length);
          function.apply(left, right, length);
          out.write(at, right, 0, length);
        });
  }

  private static int chunks(long length) {
    return Math.toIntExact((length + BLOCK * BLOCKS - 1) / (BLOCK * BLOCKS));
  }

  private void run(long length, Block block) {
    workers.run(
        chunks(length),
        (chunk, scratch) -> {
          long end = Math.min(length, (chunk + 1L) * BLOCK * BLOCKS);
          for (long at = (long) chunk * BLOCK * BLOCKS; at < end; at += BLOCK) {
            block.run(at, (int) Math.min(BLOCK, end - at), scratch);
          }
        });
  }

  private static void addBlock(float[] x, float[] sum, int length) {
    for (int i = 0; i < length; i += WIDTH) {
      load(sum, i).add(load(x, i)).intoArray(sum, i);
    }
  }

  private static void scaleBlock(float[] x, float factor, int length) {
    for (int i = 0; i < length; i += WIDTH) {
      load(x, i).mul(factor).intoArray(x, i);
    }
  }

  private static void siluBlock(float[] x, int length) {
    for (int i = 0; i < length; i += WIDTH) {
      FloatVector v = load(x, i);
      v.mul(VectorMath.sigmoid(v)).intoArray(x, i);
    }
  }

  private static void siluBackwardBlock(float[] x, float[] gradient, int length) {
    for (int i = 0; i < length; i += WIDTH) {
      FloatVector v = load(x, i);
      FloatVector sigmoid = VectorMath.sigmoid(v);
      FloatVector slope = broadcast(1f).sub(sigmoid).mul(v).add(1f).mul(sigmoid);
      load(gradient, i).mul(slope).intoArray(gradient, i);
    }
  }

  /** Four sums, so that additions need not wait for each other. */
  private static double squares(float[] x, int length) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < length; i += 4) {
      a += (double) x[i] * x[i];
      b += (double) x[i + 1] * x[i + 1];
      c += (double) x[i + 2] * x[i + 2];
      d += (double) x[i + 3] * x[i + 3];
    }
    for (; i < length; i++) {
      a += (double) x[i] * x[i];
    }
    return (a + b) + (c + d);
  }
}
