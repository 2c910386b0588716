package org.latte4j.model.kernels;

import static org.latte4j.model.kernels.VectorMath.WIDTH;
import static org.latte4j.model.kernels.VectorMath.broadcast;
import static org.latte4j.model.kernels.VectorMath.load;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.latte4j.model.kernels.Blas.Matrix;

/**
 * Backward passes of the autoencoder's operations. Tasks write to places of their own, so that no
 * sum depends on who is first.
 */
final class VectorImageGradients {
  private static final int BLOCK = GroupStatistics.BLOCK;

  /** Most tasks that the channels of an image are cut into, and fewest channels of one. */
  private static final int CHANNEL_TASKS = 8;

  private static final int TASK_CHANNELS = 8;

  private final Workers workers;

  VectorImageGradients(Workers workers) {
    this.workers = workers;
  }

  /** The gradient of the windows is W^T dOut, and that of the pixels its sum over windows. */
  void convolutionInput(
      HostTensor dOut, HostTensor weight, int stride, int padBefore, HostTensor dX) {
    int kernel = weight.size(2);
    int pixels = dOut.size(2) * dOut.size(3);
    int rowLength = weight.size(1) * kernel * kernel;
    Windows windows = Windows.of(dX, dOut, kernel, stride, padBefore);
    Chunks channels = channels(weight.size(1));
    workers.run(
        dX.size(0) * channels.count(),
        (task, scratch) -> {
          int image = task / channels.count();
          int first = channels.first(task % channels.count());
          int count = channels.end(task % channels.count()) - first;
          int unfolded = count * kernel * kernel;
          long plane = (long) image * dX.size(1) + first;
          Matrix transposed =
              new Matrix(
                  weight.address((long) first * kernel * kernel), rowLength, Operand.TRANSPOSED);
          long from = (long) image * dOut.size(1) * pixels;
          if (windows.arePixels(dOut.size(2))) {
            Matrix gradient = new Matrix(dOut.address(from), pixels, Operand.PLAIN);
            long to = dX.address(plane * pixels);
            Blas.multiply(
                scratch, count, pixels, dOut.size(1), 1f, transposed, gradient, 0f, to, pixels);
            return;
          }
          clear(
              dX, plane * dX.size(2) * dX.size(3), (long) count * dX.size(2) * dX.size(3), scratch);
          int blockRows = VectorImages.blockRows(unfolded, dOut.size(3));
          for (int row = 0; row < dOut.size(2); row += blockRows) {
            int rows = Math.min(blockRows, dOut.size(2) - row);
            int length = rows * dOut.size(3);
            HostMemory columns = scratch.offHeap(unfolded * length);
            Blas.multiply(
                scratch,
                unfolded,
                length,
                dOut.size(1),
                1f,
                transposed,
                new Matrix(dOut.address(from + (long) row * dOut.size(3)), pixels, Operand.PLAIN),
                0f,
                columns.address(0),
                length);
            windows.addFolded(columns, row, rows, dX, plane, count, scratch);
          }
        });
  }

  /** Sums over images and pixels: a task adds up all of them for a few input channels. */
  void convolutionParameters(
      HostTensor x,
      HostTensor dOut,
      int stride,
      int padBefore,
      HostTensor dWeight,
      HostTensor dBias) {
    int kernel = dWeight.size(2);
    int pixels = dOut.size(2) * dOut.size(3);
    int rowLength = dWeight.size(1) * kernel * kernel;
    Windows windows = Windows.of(x, dOut, kernel, stride, padBefore);
    Chunks channels = channels(dWeight.size(1));
    workers.run(
        channels.count(),
        (task, scratch) -> {
          int first = channels.first(task);
          int count = channels.end(task) - first;
          int unfolded = count * kernel * kernel;
          int blockRows = VectorImages.blockRows(unfolded, dOut.size(3));
          for (int image = 0; image < x.size(0); image++) {
            for (int row = 0; row < dOut.size(2); row += blockRows) {
              int rows = Math.min(blockRows, dOut.size(2) - row);
              int length = rows * dOut.size(3);
              HostMemory columns = scratch.offHeap(unfolded * length);
              long plane = (long) image * x.size(1) + first;
              windows.unfold(x, plane, count, row, rows, columns, scratch);
              long from = (long) image * dOut.size(1) * pixels + (long) row * dOut.size(3);
              Blas.multiply(
                  scratch,
                  dOut.size(1),
                  unfolded,
                  length,
                  1f,
                  new Matrix(dOut.address(from), pixels, Operand.PLAIN),
                  new Matrix(columns.address(0), length, Operand.TRANSPOSED),
                  1f,
                  dWeight.address((long) first * kernel * kernel),
                  rowLength);
            }
          }
        });
    addChannelSums(dOut, dBias);
  }

  private void addChannelSums(HostTensor dOut, HostTensor sums) {
    int pixels = dOut.size(2) * dOut.size(3);
    workers.run(
        dOut.size(1),
        (channel, scratch) -> {
          float[] block = scratch.array(0, BLOCK);
          double sum = sums.get(channel);
          for (int image = 0; image < dOut.size(0); image++) {
            long start = ((long) image * dOut.size(1) + channel) * pixels;
            for (long at = start; at < start + pixels; at += BLOCK) {
              int length = (int) Math.min(BLOCK, start + pixels - at);
              GroupStatistics.readPadded(dOut, at, length, 0f, block);
              sum += GroupStatistics.sum(block, length, scratch.lanes());
            }
          }
          block[0] = (float) sum;
          sums.write(channel, block, 0, 1);
        });
  }

  /**
   * With x^ the normalised values and g = gamma dOut: dX = (g - mean(g) - x^ mean(g x^)) /
   * deviation, means over the group.
   */
  void groupNorm(
      HostTensor x,
      int groups,
      HostTensor gamma,
      double epsilon,
      HostTensor dOut,
      HostTensor dX,
      HostTensor dGamma,
      HostTensor dBeta) {
    int pixels = x.size(2) * x.size(3);
    int channels = x.size(1) / groups;
    // Of each channel of each image: the sum of dOut x^, and of dOut.
    double[] projected = new double[x.size(0) * x.size(1)];
    double[] plain = new double[projected.length];
    workers.run(
        x.size(0) * groups,
        (task, scratch) -> {
          long start = (long) task * channels * pixels;
          long end = start + (long) channels * pixels;
          GroupStatistics group = GroupStatistics.of(x, start, end, epsilon, scratch);
          double meanPlain = 0;
          double meanProjected = 0;
          for (int c = 0; c < channels; c++) {
            int channel = task * channels + c;
            channelSums(x, dOut, group, channel, pixels, projected, plain, scratch);
            double scale = gamma.get(channel % x.size(1)) / (double) (end - start);
            meanPlain += scale * plain[channel];
            meanProjected += scale * projected[channel];
          }
          for (int c = 0; c < channels; c++) {
            int channel = task * channels + c;
            float scale = group.reciprocal() * gamma.get(channel % x.size(1));
            float shift = (float) (-group.reciprocal() * meanPlain);
            float slope = (float) (-group.reciprocal() * group.reciprocal() * meanProjected);
            long channelStart = (long) channel * pixels;
            for (long at = channelStart; at < channelStart + pixels; at += BLOCK) {
              int length = (int) Math.min(BLOCK, channelStart + pixels - at);
              float[] values = scratch.array(0, BLOCK);
              float[] gradients = scratch.array(1, BLOCK);
              x.read(at, values, 0, length);
              dOut.read(at, gradients, 0, length);
              inputGradient(values, gradients, length, group.mean(), scale, slope, shift);
              dX.write(at, gradients, 0, length);
            }
          }
        });
    addOverImages(projected, x.size(0), dGamma);
    addOverImages(plain, x.size(0), dBeta);
  }

  private static void channelSums(
      HostTensor x,
      HostTensor dOut,
      GroupStatistics group,
      int channel,
      int pixels,
      double[] projected,
      double[] plain,
      Scratch scratch) {
    float[] values = scratch.array(0, BLOCK);
    float[] gradients = scratch.array(1, BLOCK);
    long start = (long) channel * pixels;
    double sum = 0;
    double products = 0;
    for (long at = start; at < start + pixels; at += BLOCK) {
      int length = (int) Math.min(BLOCK, start + pixels - at);
      GroupStatistics.readPadded(x, at, length, group.mean(), values);
      GroupStatistics.readPadded(dOut, at, length, 0f, gradients);
      sum += GroupStatistics.sum(gradients, length, scratch.lanes());
      products += centredProducts(values, gradients, length, group.mean(), scratch.lanes());
    }
    plain[channel] = sum;
    projected[channel] = products * group.reciprocal();
  }

  private void addOverImages(double[] sums, int images, HostTensor gradient) {
    int channels = sums.length / images;
    workers.run(
        1,
        (chunk, scratch) -> {
          float[] values = scratch.array(0, channels);
          gradient.read(0, values, 0, channels);
          for (int channel = 0; channel < channels; channel++) {
            double sum = values[channel];
            for (int image = 0; image < images; image++) {
              sum += sums[image * channels + channel];
            }
            values[channel] = (float) sum;
          }
          gradient.write(0, values, 0, channels);
        });
  }

  void upsampleNearest(HostTensor dOut, HostTensor dX) {
    int width = dX.size(3);
    int height = dX.size(2);
    workers.run(
        dX.size(0) * dX.size(1),
        (plane, scratch) -> {
          float[] upper = scratch.array(0, 2 * width);
          float[] lower = scratch.array(1, 2 * width);
          float[] sums = scratch.array(2, width);
          for (int y = 0; y < height; y++) {
            long to = ((long) plane * height + y) * width;
            dOut.read(4 * to, upper, 0, 2 * width);
            dOut.read(4 * to + 2 * width, lower, 0, 2 * width);
            for (int i = 0; i < width; i++) {
              sums[i] = (upper[2 * i] + upper[2 * i + 1]) + (lower[2 * i] + lower[2 * i + 1]);
            }
            dX.write(to, sums, 0, width);
          }
        });
  }

  private static Chunks channels(int count) {
    int perTask = (count + CHANNEL_TASKS - 1) / CHANNEL_TASKS;
    return new Chunks(count, Math.max(TASK_CHANNELS, perTask));
  }

  private static void clear(HostTensor x, long start, long length, Scratch scratch) {
    float[] zeros = scratch.array(0, BLOCK);
    Arrays.fill(zeros, 0, BLOCK, 0f);
    for (long at = start; at < start + length; at += BLOCK) {
      x.write(at, zeros, 0, (int) Math.min(BLOCK, start + length - at));
    }
  }

  private static float centredProducts(
      float[] x, float[] gradient, int length, float mean, float[] lanes) {
    FloatVector sums = VectorMath.zero();
    for (int i = 0; i < length; i += WIDTH) {
      sums = load(x, i).sub(mean).fma(load(gradient, i), sums);
    }
    return VectorMath.sum(sums, lanes);
  }

  /** {@code gradient = scale gradient + slope (x - mean) + shift}. */
  private static void inputGradient(
      float[] x, float[] gradient, int length, float mean, float scale, float slope, float shift) {
    for (int i = 0; i < length; i += WIDTH) {
      FloatVector line = load(x, i).sub(mean).fma(broadcast(slope), broadcast(shift));
      load(gradient, i).fma(broadcast(scale), line).intoArray(gradient, i);
    }
  }
}
