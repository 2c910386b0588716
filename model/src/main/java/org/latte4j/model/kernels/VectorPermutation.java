package org.latte4j.model.kernels;

/** Reorders dimensions, one innermost row of the result at a time. */
final class VectorPermutation {
  private final Workers workers;

  VectorPermutation(Workers workers) {
    this.workers = workers;
  }

  void permute(HostTensor x, int[] order, HostTensor out) {
    int rank = order.length;
    long[] strides = new long[rank];
    long stride = 1;
    for (int source = rank - 1; source >= 0; source--) {
      for (int i = 0; i < rank; i++) {
        if (order[i] == source) {
          strides[i] = stride;
        }
      }
      stride *= x.size(source);
    }
    int[] shape = out.shape();
    int width = shape[rank - 1];
    long step = strides[rank - 1];
    Chunks chunks = Chunks.of(Math.toIntExact(out.length() / width), width);
    workers.run(
        chunks.count(),
        (chunk, scratch) -> {
          float[] row = scratch.array(0, width);
          for (int r = chunks.first(chunk); r < chunks.end(chunk); r++) {
            long from = start(r, shape, strides);
            if (step == 1) {
              x.read(from, row, 0, width);
            } else {
              for (int i = 0; i < width; i++) {
                row[i] = x.get(from + i * step);
              }
            }
            out.write((long) r * width, row, 0, width);
          }
        });
  }

  /** Where in the source the first value of a row of the result lies. */
  private static long start(int row, int[] shape, long[] strides) {
    long at = 0;
    int rest = row;
    for (int i = shape.length - 2; i >= 0; i--) {
      at += rest % shape[i] * strides[i];
      rest /= shape[i];
    }
    return at;
  }
}
