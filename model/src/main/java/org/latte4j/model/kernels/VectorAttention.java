package org.latte4j.model.kernels;

import org.latte4j.model.kernels.Blas.Matrix;

/**
 * Multi-head self-attention: one task is one head of one sequence, whose queries, keys and values
 * are strided views of the fused rows, so nothing is ever permuted.
 *
 * <p>The thousands of short sequences of temporal attention go through BLAS too: products written
 * with the Vector API took 1.1 to 1.4 times as long forward, and the same backward, at lengths 4 to
 * 64.
 */
final class VectorAttention {
  /** Multiply-adds of a chunk, at least: a chunk is many short sequences or one long one. */
  private static final int CHUNK_WORK = 1 << 20;

  private final Workers workers;

  VectorAttention(Workers workers) {
    this.workers = workers;
  }

  /** Sizes of one call. */
  private record Sizes(int width, int heads, int d, TokenSequences sequences) {
    int length() {
      return sequences.length();
    }

    int tasks() {
      return sequences.count() * heads;
    }

    /** Row length of q, k and v inside a sequence. */
    int qkvSpacing() {
      return 3 * width * sequences.stride();
    }

    int outSpacing() {
      return width * sequences.stride();
    }

    long qkvStart(int task, int part) {
      return sequences.firstRow(task / heads) * 3L * width + part * width + task % heads * d;
    }

    long outStart(int task) {
      return (long) sequences.firstRow(task / heads) * width + task % heads * d;
    }

    long probabilitiesStart(int task) {
      return (long) task * length() * length();
    }

    float scale() {
      return (float) (1 / Math.sqrt(d));
    }

    Matrix part(HostTensor qkv, int task, int part, Operand operand) {
      return new Matrix(qkv.address(qkvStart(task, part)), qkvSpacing(), operand);
    }
  }

  void forward(
      HostTensor qkv,
      int heads,
      TokenSequences sequences,
      HostTensor probabilities,
      HostTensor out) {
    Sizes sizes = new Sizes(out.size(1), heads, out.size(1) / heads, sequences);
    run(sizes, (task, scratch) -> forward(sizes, task, qkv, probabilities, out, scratch));
  }

  void backward(
      HostTensor qkv,
      int heads,
      TokenSequences sequences,
      HostTensor probabilities,
      HostTensor dOut,
      HostTensor dQkv) {
    Sizes sizes = new Sizes(dOut.size(1), heads, dOut.size(1) / heads, sequences);
    run(sizes, (task, scratch) -> backward(sizes, task, qkv, probabilities, dOut, dQkv, scratch));
  }

  private void run(Sizes sizes, Workers.Chunk task) {
    long work = (long) sizes.length() * sizes.length() * sizes.d();
    Chunks chunks = new Chunks(sizes.tasks(), (int) Math.max(1, CHUNK_WORK / work));
    workers.run(
        chunks.count(),
        (chunk, scratch) -> {
          for (int i = chunks.first(chunk); i < chunks.end(chunk); i++) {
            task.run(i, scratch);
          }
        });
  }

  private static void forward(
      Sizes sizes,
      int task,
      HostTensor qkv,
      HostTensor probabilities,
      HostTensor out,
      Scratch scratch) {
    int length = sizes.length();
    int d = sizes.d();
    Matrix q = sizes.part(qkv, task, 0, Operand.PLAIN);
    Matrix keys = sizes.part(qkv, task, 1, Operand.TRANSPOSED);
    Matrix v = sizes.part(qkv, task, 2, Operand.PLAIN);
    long p = sizes.probabilitiesStart(task);
    Blas.multiply(
        scratch, length, length, d, sizes.scale(), q, keys, 0f, probabilities.address(p), length);
    softmaxRows(probabilities, p, length, scratch);
    Blas.multiply(
        scratch,
        length,
        d,
        length,
        1f,
        new Matrix(probabilities.address(p), length, Operand.PLAIN),
        v,
        0f,
        out.address(sizes.outStart(task)),
        sizes.outSpacing());
  }

  private static void backward(
      Sizes sizes,
      int task,
      HostTensor qkv,
      HostTensor probabilities,
      HostTensor dOut,
      HostTensor dQkv,
      Scratch scratch) {
    int length = sizes.length();
    int d = sizes.d();
    int spacing = sizes.qkvSpacing();
    HostMemory scores = scratch.offHeap(length * length);
    long dScores = scores.address(0);
    long p = sizes.probabilitiesStart(task);
    Matrix gradient =
        new Matrix(dOut.address(sizes.outStart(task)), sizes.outSpacing(), Operand.PLAIN);
    Blas.multiply(
        scratch,
        length,
        length,
        d,
        1f,
        gradient,
        sizes.part(qkv, task, 2, Operand.TRANSPOSED),
        0f,
        dScores,
        length);
    Blas.multiply(
        scratch,
        length,
        d,
        length,
        1f,
        new Matrix(probabilities.address(p), length, Operand.TRANSPOSED),
        gradient,
        0f,
        dQkv.address(sizes.qkvStart(task, 2)),
        spacing);
    softmaxRowsBackward(probabilities, p, scores, length, sizes.scale(), scratch);
    Blas.multiply(
        scratch,
        length,
        d,
        length,
        1f,
        new Matrix(dScores, length, Operand.PLAIN),
        sizes.part(qkv, task, 1, Operand.PLAIN),
        0f,
        dQkv.address(sizes.qkvStart(task, 0)),
        spacing);
    Blas.multiply(
        scratch,
        length,
        d,
        length,
        1f,
        new Matrix(dScores, length, Operand.TRANSPOSED),
        sizes.part(qkv, task, 0, Operand.PLAIN),
        0f,
        dQkv.address(sizes.qkvStart(task, 1)),
        spacing);
  }

  private static void softmaxRows(HostTensor x, long start, int length, Scratch scratch) {
    int spacing = VectorMath.padded(length);
    int blockRows = VectorMath.blockRows(spacing);
    float[] block = scratch.array(0, blockRows * spacing);
    for (int row = 0; row < length; row += blockRows) {
      int rows = Math.min(blockRows, length - row);
      HostTensor part = x.view(start + (long) row * length, rows, length);
      part.readRows(0, rows, length, spacing, block);
      for (int r = 0; r < rows; r++) {
        VectorMath.softmax(block, r * spacing, length, 1f, scratch.lanes());
      }
      part.writeRows(0, rows, length, spacing, block);
    }
  }

  private static void softmaxRowsBackward(
      HostTensor probabilities,
      long start,
      HostMemory gradients,
      int length,
      float scale,
      Scratch scratch) {
    int spacing = VectorMath.padded(length);
    int blockRows = VectorMath.blockRows(spacing);
    float[] p = scratch.array(0, blockRows * spacing);
    float[] gradient = scratch.array(1, blockRows * spacing);
    for (int row = 0; row < length; row += blockRows) {
      int rows = Math.min(blockRows, length - row);
      HostTensor part = probabilities.view(start + (long) row * length, rows, length);
      HostTensor gradientPart = new HostTensor(gradients, (long) row * length, rows, length);
      part.readRows(0, rows, length, spacing, p);
      gradientPart.readRows(0, rows, length, spacing, gradient);
      for (int r = 0; r < rows; r++) {
        VectorMath.softmaxBackward(p, gradient, r * spacing, length, scale, scratch.lanes());
      }
      gradientPart.writeRows(0, rows, length, spacing, gradient);
    }
  }
}
