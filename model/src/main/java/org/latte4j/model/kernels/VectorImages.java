package org.latte4j.model.kernels;

import static org.latte4j.model.kernels.VectorMath.WIDTH;
import static org.latte4j.model.kernels.VectorMath.broadcast;
import static org.latte4j.model.kernels.VectorMath.load;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.latte4j.model.kernels.Blas.Matrix;

/** The autoencoder's operations. */
final class VectorImages {
  /** Floats of unfolded image that a thread holds at a time: 16 MB. */
  private static final int UNFOLDED = 1 << 22;

  private static final int BLOCK = 4096;

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
    int taskRows = Math.max(1, Math.min(UNFOLDED / unfolded, BLOCK) / width);
    Chunks chunks = new Chunks(out.size(2), taskRows);
    boolean asStored = kernel == 1 && stride == 1 && out.size(2) == x.size(2) && padBefore == 0;
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
            unfold(x, image, kernel, stride, padBefore, firstRow, rows, width, memory, scratch);
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

  private static void unfold(
      HostTensor x,
      int image,
      int kernel,
      int stride,
      int padBefore,
      int firstRow,
      int rows,
      int width,
      HostMemory columns,
      Scratch scratch) {
    int height = x.size(2);
    int rowLength = x.size(3);
    int reach = Math.max((width - 1) * stride + kernel, padBefore + rowLength);
    float[] row = scratch.array(0, reach);
    float[] taken = scratch.array(1, width);
    Arrays.fill(row, 0, reach, 0f);
    for (int channel = 0; channel < x.size(1); channel++) {
      long plane = ((long) image * x.size(1) + channel) * height;
      for (int i = 0; i < kernel; i++) {
        for (int r = 0; r < rows; r++) {
          int y = (firstRow + r) * stride - padBefore + i;
          if (y >= 0 && y < height) {
            x.read((plane + y) * rowLength, row, padBefore, rowLength);
          } else {
            Arrays.fill(row, padBefore, padBefore + rowLength, 0f);
          }
          long column = ((long) (channel * kernel + i) * kernel * rows + r) * width;
          for (int j = 0; j < kernel; j++) {
            if (stride == 1) {
              columns.write(column, row, j, width);
            } else {
              for (int z = 0; z < width; z++) {
                taken[z] = row[z * stride + j];
              }
              columns.write(column, taken, 0, width);
            }
            column += (long) rows * width;
          }
        }
      }
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
          double sum = 0;
          for (long at = start; at < end; at += BLOCK) {
            int length = (int) Math.min(BLOCK, end - at);
            readPadded(x, at, length, 0f, block);
            sum += sum(block, length, scratch.lanes());
          }
          float mean = (float) (sum / (end - start));
          double squares = 0;
          for (long at = start; at < end; at += BLOCK) {
            int length = (int) Math.min(BLOCK, end - at);
            readPadded(x, at, length, mean, block);
            squares += centredSquares(block, length, mean, scratch.lanes());
          }
          float reciprocal = (float) (1 / Math.sqrt(squares / (end - start) + epsilon));
          for (int c = 0; c < channels; c++) {
            int channel = task % groups * channels + c;
            float scale = reciprocal * gamma.get(channel);
            float shift = beta.get(channel);
            long channelEnd = start + (c + 1L) * pixels;
            for (long at = start + (long) c * pixels; at < channelEnd; at += BLOCK) {
              int length = (int) Math.min(BLOCK, channelEnd - at);
              x.read(at, block, 0, length);
              normalise(block, length, mean, scale, shift);
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

  private static void readPadded(HostTensor x, long at, int length, float pad, float[] block) {
    x.read(at, block, 0, length);
    Arrays.fill(block, length, VectorMath.padded(length), pad);
  }

  private static float sum(float[] x, int length, float[] lanes) {
    FloatVector sums = VectorMath.zero();
    for (int i = 0; i < length; i += WIDTH) {
      sums = sums.add(load(x, i));
    }
    return VectorMath.sum(sums, lanes);
  }

  private static float centredSquares(float[] x, int length, float mean, float[] lanes) {
    FloatVector sums = VectorMath.zero();
    for (int i = 0; i < length; i += WIDTH) {
      FloatVector centred = load(x, i).sub(mean);
      sums = centred.fma(centred, sums);
    }
    return VectorMath.sum(sums, lanes);
  }

  private static void normalise(float[] x, int length, float mean, float scale, float shift) {
    for (int i = 0; i < length; i += WIDTH) {
      load(x, i).sub(mean).fma(broadcast(scale), broadcast(shift)).intoArray(x, i);
    }
  }
}
