package org.latte4j.model.kernels;

import static org.latte4j.model.kernels.VectorMath.WIDTH;
import static org.latte4j.model.kernels.VectorMath.broadcast;
import static org.latte4j.model.kernels.VectorMath.load;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** Adaptive layer norm and gates. No chunk crosses from one batch item to the next. */
final class VectorModulation {
  private static final double EPSILON = 1e-6;

  private final Workers workers;
  private final Partials first;
  private final Partials second;

  VectorModulation(Workers workers, Partials first, Partials second) {
    this.workers = workers;
    this.first = first;
    this.second = second;
  }

  /** The rows of a batch cut into chunks, and where an item's vectors lie. */
  private record Layout(int rowsPerItem, Chunks chunks, int width, int stride) {
    static Layout of(HostTensor rows, HostTensor modulation) {
      int perItem = rows.size(0) / modulation.size(0);
      return new Layout(
          perItem, Chunks.of(perItem, rows.size(1)), rows.size(1), modulation.size(1));
    }

    int item(int chunk) {
      return chunk / chunks.count();
    }

    int firstRow(int chunk) {
      return item(chunk) * rowsPerItem + chunks.first(chunk % chunks.count());
    }

    int endRow(int chunk) {
      return item(chunk) * rowsPerItem + chunks.end(chunk % chunks.count());
    }

    /** Where a vector of an item begins in the modulation tensor. */
    long vector(int item, int place) {
      return (long) item * stride + (long) place * width;
    }
  }

  void norm(
      HostTensor x,
      HostTensor modulation,
      int shiftChunk,
      int scaleChunk,
      HostTensor statistics,
      HostTensor out) {
    Layout layout = Layout.of(x, modulation);
    int width = layout.width();
    int spacing = VectorMath.padded(width);
    int blockRows = VectorMath.blockRows(spacing);
    workers.run(
        modulation.size(0) * layout.chunks().count(),
        (chunk, scratch) -> {
          float[] block = scratch.array(0, blockRows * spacing);
          float[] shift = scratch.array(1, spacing);
          float[] scale = scratch.array(2, spacing);
          float[] moments = scratch.array(3, 2 * blockRows);
          modulation.read(layout.vector(layout.item(chunk), shiftChunk), shift, 0, width);
          modulation.read(layout.vector(layout.item(chunk), scaleChunk), scale, 0, width);
          int end = layout.endRow(chunk);
          for (int row = layout.firstRow(chunk); row < end; row += blockRows) {
            int rows = Math.min(blockRows, end - row);
            x.readRows(row, rows, width, spacing, block);
            for (int r = 0; r < rows; r++) {
              normRow(block, r * spacing, width, shift, scale, moments, 2 * r, scratch.lanes());
            }
            statistics.write(2L * row, moments, 0, 2 * rows);
            out.writeRows(row, rows, width, spacing, block);
          }
        });
  }

  void normBackward(
      HostTensor x,
      HostTensor statistics,
      HostTensor modulation,
      int shiftChunk,
      int scaleChunk,
      HostTensor dOut,
      HostTensor dX,
      HostTensor dModulation) {
    Layout layout = Layout.of(x, modulation);
    int width = layout.width();
    int spacing = VectorMath.padded(width);
    int chunkCount = modulation.size(0) * layout.chunks().count();
    first.begin(chunkCount, spacing);
    second.begin(chunkCount, spacing);
    workers.run(
        chunkCount,
        (chunk, scratch) -> {
          float[] values = scratch.array(0, spacing);
          float[] gradient = scratch.array(1, spacing);
          float[] sum = scratch.array(2, spacing);
          float[] scale = scratch.array(3, spacing);
          float[] dShift = scratch.array(4, spacing);
          float[] dScale = scratch.array(5, spacing);
          float[] moments = scratch.array(6, 2);
          modulation.read(layout.vector(layout.item(chunk), scaleChunk), scale, 0, width);
          Arrays.fill(dShift, 0, spacing, 0f);
          Arrays.fill(dScale, 0, spacing, 0f);
          for (int row = layout.firstRow(chunk); row < layout.endRow(chunk); row++) {
            x.read((long) row * width, values, 0, width);
            dOut.read((long) row * width, gradient, 0, width);
            dX.read((long) row * width, sum, 0, width);
            statistics.read(2L * row, moments, 0, 2);
            Arrays.fill(gradient, width, spacing, 0f);
            Arrays.fill(values, width, spacing, 0f);
            Arrays.fill(scale, width, spacing, 0f);
            normRowBackward(
                values,
                gradient,
                sum,
                width,
                moments[0],
                moments[1],
                scale,
                dShift,
                dScale,
                scratch.lanes());
            dX.write((long) row * width, sum, 0, width);
          }
          first.put(chunk, dShift);
          second.put(chunk, dScale);
        });
    int perItem = layout.chunks().count();
    for (int item = 0; item < modulation.size(0); item++) {
      int from = item * perItem;
      int to = from + perItem;
      first.finish(from, to, Write.SET, dModulation, layout.vector(item, shiftChunk), width);
      second.finish(from, to, Write.SET, dModulation, layout.vector(item, scaleChunk), width);
    }
  }

  void gate(
      HostTensor x,
      HostTensor branch,
      HostTensor bias,
      HostTensor modulation,
      int gateChunk,
      HostTensor out) {
    Layout layout = Layout.of(x, modulation);
    int width = layout.width();
    int spacing = VectorMath.padded(width);
    int blockRows = VectorMath.blockRows(spacing);
    workers.run(
        modulation.size(0) * layout.chunks().count(),
        (chunk, scratch) -> {
          float[] sum = scratch.array(0, blockRows * spacing);
          float[] biased = scratch.array(1, blockRows * spacing);
          float[] biases = scratch.array(2, spacing);
          float[] gates = scratch.array(3, spacing);
          bias.read(0, biases, 0, width);
          modulation.read(layout.vector(layout.item(chunk), gateChunk), gates, 0, width);
          int end = layout.endRow(chunk);
          for (int row = layout.firstRow(chunk); row < end; row += blockRows) {
            int rows = Math.min(blockRows, end - row);
            x.readRows(row, rows, width, spacing, sum);
            branch.readRows(row, rows, width, spacing, biased);
            for (int r = 0; r < rows; r++) {
              gateRow(sum, biased, r * spacing, spacing, biases, gates);
            }
            branch.writeRows(row, rows, width, spacing, biased);
            out.writeRows(row, rows, width, spacing, sum);
          }
        });
  }

  void gateBackward(
      HostTensor dOut,
      HostTensor branch,
      HostTensor modulation,
      int gateChunk,
      HostTensor dBranch,
      HostTensor dModulation,
      HostTensor dBias) {
    Layout layout = Layout.of(dOut, modulation);
    int width = layout.width();
    int spacing = VectorMath.padded(width);
    int blockRows = VectorMath.blockRows(spacing);
    int chunkCount = modulation.size(0) * layout.chunks().count();
    first.begin(chunkCount, spacing);
    second.begin(chunkCount, spacing);
    workers.run(
        chunkCount,
        (chunk, scratch) -> {
          float[] gradient = scratch.array(0, blockRows * spacing);
          float[] values = scratch.array(1, blockRows * spacing);
          float[] gates = scratch.array(2, spacing);
          float[] dGate = scratch.array(3, spacing);
          float[] sums = scratch.array(4, spacing);
          modulation.read(layout.vector(layout.item(chunk), gateChunk), gates, 0, width);
          Arrays.fill(dGate, 0, spacing, 0f);
          Arrays.fill(sums, 0, spacing, 0f);
          int end = layout.endRow(chunk);
          for (int row = layout.firstRow(chunk); row < end; row += blockRows) {
            int rows = Math.min(blockRows, end - row);
            dOut.readRows(row, rows, width, spacing, gradient);
            branch.readRows(row, rows, width, spacing, values);
            for (int r = 0; r < rows; r++) {
              gateRowBackward(gradient, values, r * spacing, spacing, gates, dGate, sums);
            }
            dBranch.writeRows(row, rows, width, spacing, gradient);
          }
          first.put(chunk, dGate);
          second.put(chunk, sums);
        });
    int perItem = layout.chunks().count();
    for (int item = 0; item < modulation.size(0); item++) {
      first.finish(
          item * perItem,
          (item + 1) * perItem,
          Write.SET,
          dModulation,
          layout.vector(item, gateChunk),
          width);
    }
    second.finish(0, chunkCount, Write.ADD, dBias, 0, width);
  }

  private static void normRow(
      float[] x,
      int start,
      int width,
      float[] shift,
      float[] scale,
      float[] moments,
      int at,
      float[] lanes) {
    int spacing = VectorMath.padded(width);
    Arrays.fill(x, start + width, start + spacing, 0f);
    FloatVector sums = VectorMath.zero();
    for (int i = 0; i < spacing; i += WIDTH) {
      sums = sums.add(load(x, start + i));
    }
    float mean = VectorMath.sum(sums, lanes) / width;
    Arrays.fill(x, start + width, start + spacing, mean);
    FloatVector squares = VectorMath.zero();
    for (int i = 0; i < spacing; i += WIDTH) {
      FloatVector centred = load(x, start + i).sub(mean);
      squares = centred.fma(centred, squares);
    }
    double variance = VectorMath.sum(squares, lanes) / (double) width;
    float reciprocal = (float) (1 / Math.sqrt(variance + EPSILON));
    moments[at] = mean;
    moments[at + 1] = reciprocal;
    for (int i = 0; i < spacing; i += WIDTH) {
      load(x, start + i)
          .sub(mean)
          .mul(reciprocal)
          .fma(load(scale, i).add(1f), load(shift, i))
          .intoArray(x, start + i);
    }
  }

  /** Pads of {@code gradient} must be zero. */
  private static void normRowBackward(
      float[] x,
      float[] gradient,
      float[] sum,
      int width,
      float mean,
      float reciprocal,
      float[] scale,
      float[] dShift,
      float[] dScale,
      float[] lanes) {
    int spacing = VectorMath.padded(width);
    FloatVector sums = VectorMath.zero();
    FloatVector products = VectorMath.zero();
    for (int i = 0; i < spacing; i += WIDTH) {
      FloatVector normed = load(x, i).sub(mean).mul(reciprocal);
      FloatVector g = load(gradient, i);
      load(dShift, i).add(g).intoArray(dShift, i);
      g.fma(normed, load(dScale, i)).intoArray(dScale, i);
      FloatVector scaled = g.mul(load(scale, i).add(1f));
      scaled.intoArray(gradient, i);
      normed.intoArray(x, i);
      sums = sums.add(scaled);
      products = scaled.fma(normed, products);
    }
    FloatVector along = broadcast(VectorMath.sum(sums, lanes) / width);
    FloatVector across = broadcast(VectorMath.sum(products, lanes) / width);
    for (int i = 0; i < spacing; i += WIDTH) {
      load(gradient, i)
          .sub(along)
          .sub(load(x, i).mul(across))
          .fma(broadcast(reciprocal), load(sum, i))
          .intoArray(sum, i);
    }
  }

  private static void gateRow(
      float[] x, float[] branch, int start, int spacing, float[] bias, float[] gate) {
    for (int i = 0; i < spacing; i += WIDTH) {
      FloatVector biased = load(branch, start + i).add(load(bias, i));
      biased.intoArray(branch, start + i);
      biased.fma(load(gate, i), load(x, start + i)).intoArray(x, start + i);
    }
  }

  private static void gateRowBackward(
      float[] gradient,
      float[] branch,
      int start,
      int spacing,
      float[] gate,
      float[] dGate,
      float[] sums) {
    for (int i = 0; i < spacing; i += WIDTH) {
      FloatVector g = load(gradient, start + i);
      g.fma(load(branch, start + i), load(dGate, i)).intoArray(dGate, i);
      FloatVector gated = g.mul(load(gate, i));
      gated.intoArray(gradient, start + i);
      load(sums, i).add(gated).intoArray(sums, i);
    }
  }
}
