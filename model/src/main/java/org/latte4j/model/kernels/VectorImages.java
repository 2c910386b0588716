package org.latte4j.model.kernels;

import static org.latte4j.model.kernels.VectorMath.WIDTH;
import static org.latte4j.model.kernels.VectorMath.broadcast;
import static org.latte4j.model.kernels.VectorMath.load;

import java.util.Arrays;
import org.latte4j.model.kernels.Blas.Matrix;

/** The autoencoder's operations. */
final class VectorImages {
  /** Floats of unfolded image that a thread holds at a time: 16 MB. */
  private static final int UNFOLDED = 1 << 22;

  private static final int BLOCK = GroupStatistics.BLOCK;

  private final Workers workers;

  VectorImages(Workers workers) {
    this.workers = workers;
  }

  /**
   * Each task unfolds the windows under a few rows of output pixels into the columns of a matrix [C
   * k k, pixels], and multiplies it by the weights.
   */
  void convolution(
      HostTensor x, HostTensor weight, HostTensor bias, int stride, int padBefore, HostTensor out) {
    int channels = out.size(1);
    int width = out.size(3);
    int pixels = out.size(2) * width;
    int kernel = weight.size(2);
    int unfolded = x.size(1) * kernel * kernel;
    Windows windows = Windows.of(x, out, kernel, stride, padBefore);
    Chunks chunks = new Chunks(out.size(2), blockRows(unfolded, width));
    boolean asStored = windows.arePixels(out.size(2));
    workers.run(
        out.size(0) * chunks.count(),
        (task, scratch) -> {
          int image = task / chunks.count();
          int firstRow = chunks.first(task % chunks.count());
          int rows = chunks.end(task % chunks.count()) - firstRow;
          long at = (long) image * channels * pixels + (long) firstRow * width;
          fillWithBias(bias, out, at, channels, pixels, rows * width, scratch);
          Matrix columns;
          if (asStored) {
            long from = (long) image * x.size(1) * pixels + (long) firstRow * width;
            columns = new Matrix(x.address(from), pixels, Operand.PLAIN);
          } else {
            HostMemory memory = scratch.offHeap(unfolded * rows * width);
            long plane = (long) image * x.size(1);
            windows.unfold(x, plane, x.size(1), firstRow, rows, memory, scratch);
            columns = new Matrix(memory.address(0), rows * width, Operand.PLAIN);
          }
          Blas.multiply(
              scratch,
              channels,
              rows * width,
              unfolded,
              1f,
              new Matrix(weight.address(0), unfolded, Operand.PLAIN),
              columns,
              1f,
              out.address(at),
              pixels);
        });
  }

  /** Rows of output pixels that are unfolded at a time, given the values under one pixel. */
  static int blockRows(int unfolded, int width) {
    return Math.max(1, Math.min(UNFOLDED / unfolded, BLOCK) / width);
  }

  private static void fillWithBias(
      HostTensor bias,
      HostTensor out,
      long at,
      int channels,
      int pixels,
      int length,
      Scratch scratch) {
    float[] block = scratch.array(0, length);
    for (int channel = 0; channel < channels; channel++) {
      Arrays.fill(block, 0, length, bias.get(channel));
      out.write(at + (long) channel * pixels, block, 0, length);
    }
  }

  /** Sums of blocks in single precision, sums over blocks in double. */
  void groupNorm(
      HostTensor x, int groups, HostTensor gamma, HostTensor beta, double epsilon, HostTensor out) {
    int pixels = x.size(2) * x.size(3);
    int channels = x.size(1) / groups;
    workers.run(
        x.size(0) * groups,
        (task, scratch) -> {
          float[] block = scratch.array(0, BLOCK);
          long start = (long) task * channels * pixels;
          long end = start + (long) channels * pixels;
          GroupStatistics group = GroupStatistics.of(x, start, end, epsilon, scratch);
          for (int c = 0; c < channels; c++) {
            int channel = task % groups * channels + c;
            float scale = group.reciprocal() * gamma.get(channel);
            float shift = beta.get(channel);
            long channelEnd = start + (c + 1L) * pixels;
            for (long at = start + (long) c * pixels; at < channelEnd; at += BLOCK) {
              int length = (int) Math.min(BLOCK, channelEnd - at);
              x.read(at, block, 0, length);
              normalise(block, length, group.mean(), scale, shift);
              out.write(at, block, 0, length);
            }
          }
        });
  }

  void upsampleNearest(HostTensor x, HostTensor out) {
    int width = x.size(3);
    int height = x.size(2);
    workers.run(
        x.size(0) * x.size(1),
        (plane, scratch) -> {
          float[] row = scratch.array(0, width);
          float[] doubled = scratch.array(1, 2 * width);
          for (int y = 0; y < height; y++) {
            long from = (long) plane * height + y;
            x.read(from * width, row, 0, width);
            for (int i = 0; i < width; i++) {
              doubled[2 * i] = row[i];
              doubled[2 * i + 1] = row[i];
            }
            out.write(4 * from * width, doubled, 0, 2 * width);
            out.write(4 * from * width + 2 * width, doubled, 0, 2 * width);
          }
        });
  }

  private static void normalise(float[] x, int length, float mean, float scale, float shift) {
    for (int i = 0; i < length; i += WIDTH) {
      load(x, i).sub(mean).fma(broadcast(scale), broadcast(shift)).intoArray(x, i);
    }
  }
}
