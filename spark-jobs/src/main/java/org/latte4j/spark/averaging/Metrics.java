package org.latte4j.spark.averaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The first element of every partition of the state: metrics of workers of the round that made it,
 * as bytes. A worker's metrics travel with its slices, and so count once whatever is retried.
 */
final class Metrics {
  private Metrics() {}

  /** Of a state that comes from no round. */
  static byte[] none() {
    return join(List.of());
  }

  /** One element of the metrics of several workers, which are in Java's serial form. */
  static byte[] join(List<byte[]> workers) {
    try {
      return JavaBytes.of(new ArrayList<>(workers));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to memory", e);
    }
  }

  static Stream<WorkerMetrics> of(byte[] joined) {
    return JavaBytes.<ArrayList<byte[]>>read(joined).stream().map(JavaBytes::read);
  }
}
