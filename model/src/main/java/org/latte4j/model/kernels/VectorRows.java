package org.latte4j.model.kernels;

import static org.latte4j.model.kernels.VectorMath.WIDTH;
import static org.latte4j.model.kernels.VectorMath.broadcast;
import static org.latte4j.model.kernels.VectorMath.load;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** Operations on the rows of a matrix: biases, tables, GELU, softmax. */
final class VectorRows {
  /** GELU's inner function is {@code x (FACTOR + CUBIC x^2)}, with 2 sqrt(2 / pi) in both. */
  private static final float FACTOR = 1.5957691216f;

  private static final float CUBIC = 0.0713548162726f;

  private final Workers workers;
  private final Partials partials;

  VectorRows(Workers workers, Partials partials) {
    this.workers = workers;
    this.partials = partials;
  }

  void addBias(HostTensor x, HostTensor bias) {
    int width = x.size(1);
    int spacing = VectorMath.padded(width);
    int blockRows = VectorMath.blockRows(spacing);
    Chunks chunks = Chunks.of(x.size(0), width);
    workers.run(
        chunks.count(),
        (chunk, scratch) -> {
          float[] block = scratch.array(0, blockRows * spacing);
          float[] vector = scratch.array(1, spacing);
          bias.read(0, vector, 0, width);
          for (int row = chunks.first(chunk); row < chunks.end(chunk); row += blockRows) {
            int rows = Math.min(blockRows, chunks.end(chunk) - row);
            x.readRows(row, rows, width, spacing, block);
            for (int r = 0; r < rows; r++) {
              addRow(vector, 0, block, r * spacing, spacing);
            }
            x.writeRows(row, rows, width, spacing, block);
          }
        });
  }

  void addColumnSums(HostTensor x, HostTensor sum) {
    int width = x.size(1);
    int spacing = VectorMath.padded(width);
    int blockRows = VectorMath.blockRows(spacing);
    Chunks chunks = Chunks.of(x.size(0), width);
    partials.begin(chunks.count(), spacing);
    workers.run(
        chunks.count(),
        (chunk, scratch) -> {
          float[] block = scratch.array(0, blockRows * spacing);
          float[] sums = scratch.array(1, spacing);
          Arrays.fill(sums, 0, spacing, 0f);
          for (int row = chunks.first(chunk); row < chunks.end(chunk); row += blockRows) {
            int rows = Math.min(blockRows, chunks.end(chunk) - row);
            x.readRows(row, rows, width, spacing, block);
            for (int r = 0; r < rows; r++) {
              addRow(block, r * spacing, sums, 0, spacing);
            }
          }
          partials.put(chunk, sums);
        });
    partials.finish(0, chunks.count(), Write.ADD, sum, 0, width);
  }

  void addTable(HostTensor x, HostTensor table, int repeat) {
    int width = x.size(1);
    int spacing = VectorMath.padded(width);
    int tableRows = table.size(0);
    Chunks chunks = Chunks.of(x.size(0), width);
    workers.run(
        chunks.count(),
        (chunk, scratch) -> {
          float[] values = scratch.array(0, spacing);
          float[] vector = scratch.array(1, spacing);
          for (int row = chunks.first(chunk); row < chunks.end(chunk); row++) {
            x.read((long) row * width, values, 0, width);
            table.read((long) (row / repeat % tableRows) * width, vector, 0, width);
            addRow(vector, 0, values, 0, spacing);
            x.write((long) row * width, values, 0, width);
          }
        });
  }

  /** {@code to[toRow] += from[fromRow]}. */
  void addRow(HostTensor from, int fromRow, HostTensor to, int toRow) {
    int width = to.size(1);
    int spacing = VectorMath.padded(width);
    workers.run(
        1,
        (chunk, scratch) -> {
          float[] vector = scratch.array(0, spacing);
          float[] values = scratch.array(1, spacing);
          from.read((long) fromRow * width, vector, 0, width);
          to.read((long) toRow * width, values, 0, width);
          addRow(vector, 0, values, 0, spacing);
          to.write((long) toRow * width, values, 0, width);
        });
  }

  void biasGelu(HostTensor x, HostTensor bias, HostTensor out) {
    int width = x.size(1);
    int spacing = VectorMath.padded(width);
    int blockRows = VectorMath.blockRows(spacing);
    Chunks chunks = Chunks.of(x.size(0), width);
    workers.run(
        chunks.count(),
        (chunk, scratch) -> {
          float[] block = scratch.array(0, blockRows * spacing);
          float[] vector = scratch.array(1, spacing);
          bias.read(0, vector, 0, width);
          for (int row = chunks.first(chunk); row < chunks.end(chunk); row += blockRows) {
            int rows = Math.min(blockRows, chunks.end(chunk) - row);
            x.readRows(row, rows, width, spacing, block);
            for (int r = 0; r < rows; r++) {
              addRow(vector, 0, block, r * spacing, spacing);
            }
            x.writeRows(row, rows, width, spacing, block);
            gelu(block, rows * spacing);
            out.writeRows(row, rows, width, spacing, block);
          }
        });
  }

  void biasGeluBackward(HostTensor x, HostTensor gradient, HostTensor dBias) {
    int width = x.size(1);
    int spacing = VectorMath.padded(width);
    int blockRows = VectorMath.blockRows(spacing);
    Chunks chunks = Chunks.of(x.size(0), width);
    partials.begin(chunks.count(), spacing);
    workers.run(
        chunks.count(),
        (chunk, scratch) -> {
          float[] values = scratch.array(0, blockRows * spacing);
          float[] slopes = scratch.array(1, blockRows * spacing);
          float[] sums = scratch.array(2, spacing);
          Arrays.fill(sums, 0, spacing, 0f);
          for (int row = chunks.first(chunk); row < chunks.end(chunk); row += blockRows) {
            int rows = Math.min(blockRows, chunks.end(chunk) - row);
            x.readRows(row, rows, width, spacing, values);
            gradient.readRows(row, rows, width, spacing, slopes);
            geluBackward(values, slopes, rows * spacing);
            for (int r = 0; r < rows; r++) {
              addRow(slopes, r * spacing, sums, 0, spacing);
            }
            gradient.writeRows(row, rows, width, spacing, slopes);
          }
          partials.put(chunk, sums);
        });
    partials.finish(0, chunks.count(), Write.ADD, dBias, 0, width);
  }

  void softmax(HostTensor x, float scale) {
    int width = x.size(1);
    int spacing = VectorMath.padded(width);
    int blockRows = VectorMath.blockRows(spacing);
    Chunks chunks = Chunks.of(x.size(0), width);
    workers.run(
        chunks.count(),
        (chunk, scratch) -> {
          float[] block = scratch.array(0, blockRows * spacing);
          for (int row = chunks.first(chunk); row < chunks.end(chunk); row += blockRows) {
            int rows = Math.min(blockRows, chunks.end(chunk) - row);
            x.readRows(row, rows, width, spacing, block);
            for (int r = 0; r < rows; r++) {
              VectorMath.softmax(block, r * spacing, width, scale, scratch.lanes());
            }
            x.writeRows(row, rows, width, spacing, block);
          }
        });
  }

  private static void addRow(float[] x, int xStart, float[] sum, int sumStart, int length) {
    for (int i = 0; i < length; i += WIDTH) {
      load(sum, sumStart + i).add(load(x, xStart + i)).intoArray(sum, sumStart + i);
    }
  }

  private static void gelu(float[] x, int length) {
    for (int i = 0; i < length; i += WIDTH) {
      FloatVector v = load(x, i);
      FloatVector inner = v.mul(v).fma(broadcast(-CUBIC), broadcast(-FACTOR)).mul(v);
      v.div(VectorMath.exp(inner).add(1f)).intoArray(x, i);
    }
  }

  private static void geluBackward(float[] x, float[] gradient, int length) {
    for (int i = 0; i < length; i += WIDTH) {
      FloatVector v = load(x, i);
      FloatVector square = v.mul(v);
      FloatVector inner = square.fma(broadcast(-CUBIC), broadcast(-FACTOR)).mul(v);
      FloatVector gate = broadcast(1f).div(VectorMath.exp(inner).add(1f));
      FloatVector innerSlope = square.fma(broadcast(3 * CUBIC), broadcast(FACTOR));
      FloatVector slope = broadcast(1f).sub(gate).mul(v).mul(innerSlope).add(1f).mul(gate);
      load(gradient, i).mul(slope).intoArray(gradient, i);
    }
  }
}
