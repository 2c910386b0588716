package org.latte4j.model.kernels;

/** Rotary positions and the moving of token rows, row by row. */
final class VectorTokens {
  private final Workers workers;

  VectorTokens(Workers workers) {
    this.workers = workers;
  }

  void rotate(HostTensor qkv, HostTensor table, int repeat, Rotation rotation) {
    int rowLength = qkv.size(1);
    int turned = rowLength / 3 * 2;
    int d = table.size(1);
    int positions = table.size(0);
    float sign = rotation == Rotation.FORWARD ? 1f : -1f;
    Chunks chunks = Chunks.of(qkv.size(0), turned);
    workers.run(
        chunks.count(),
        (chunk, scratch) -> {
          float[] values = scratch.array(0, turned);
          float[] angles = scratch.array(1, d);
          for (int row = chunks.first(chunk); row < chunks.end(chunk); row++) {
            qkv.read((long) row * rowLength, values, 0, turned);
            table.read((long) (row / repeat % positions) * d, angles, 0, d);
            for (int head = 0; head < turned; head += d) {
              rotateHead(values, head, angles, d / 2, sign);
            }
            qkv.write((long) row * rowLength, values, 0, turned);
          }
        });
  }

  private static void rotateHead(float[] values, int start, float[] angles, int half, float sign) {
    for (int i = 0; i < half; i++) {
      float a = values[start + i];
      float b = values[start + half + i];
      float cosine = angles[i];
      float sine = sign * angles[half + i];
      values[start + i] = a * cosine - b * sine;
      values[start + half + i] = b * cosine + a * sine;
    }
  }

  void copyRows(HostTensor from, TokenSequences fromRows, HostTensor to, TokenSequences toRows) {
    int width = from.size(1);
    Chunks chunks = Chunks.of(fromRows.count() * fromRows.length(), width);
    workers.run(
        chunks.count(),
        (chunk, scratch) -> {
          float[] row = scratch.array(0, width);
          for (int i = chunks.first(chunk); i < chunks.end(chunk); i++) {
            from.read((long) fromRows.row(i) * width, row, 0, width);
            to.write((long) toRows.row(i) * width, row, 0, width);
          }
        });
  }
}
