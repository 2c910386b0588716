package org.latte4j.spark.averaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.shuffle.ShuffleReadMetricsReporter;
import scala.Product2;
import scala.collection.Iterator;

/**
 * What one worker emitted for one partition, as it comes out of the shuffle: perhaps the worker's
 * metrics, then slices' values of each vector. Spark starts fetching when it is opened. Used by one
 * task, whose end frees what it holds.
 */
final class WorkerStream {
  private final int worker;
  private final Iterator<Product2<BlockKey, FetchedBlock>> blocks;
  private Optional<byte[]> metrics = Optional.empty();
  private Product2<BlockKey, FetchedBlock> block;

  /** A stream of blocks in the order that the worker emitted them. */
  WorkerStream(int worker, Iterator<Product2<BlockKey, FetchedBlock>> blocks) {
    this.worker = worker;
    this.blocks = blocks;
  }

  static WorkerStream open(
      ShuffleDependency<?, ?, ?> shuffle, int worker, int partition, TaskContext context) {
    ShuffleReadMetricsReporter reporter = context.taskMetrics().createTempShuffleReadMetrics();
    return new WorkerStream(
        worker,
        SparkEnv.get()
            .shuffleManager()
            .<BlockKey, FetchedBlock>getReader(
                shuffle.shuffleHandle(),
                worker,
                worker + 1,
                partition,
                partition + 1,
                context,
                reporter)
            .read());
  }

  /** Goes on to a slice's values of a vector; the ones of the vector before must have been read. */
  void next(Slice slice, StateVector vector) {
    advance(slice, vector);
    if (block._1().isMetrics()) {
      byte[] bytes = new byte[block._2().bytes()];
      read(bytes, bytes.length);
      metrics = Optional.of(bytes);
      advance(slice, vector);
    }
    BlockKey due = BlockKey.of(slice, vector, worker);
    if (!block._1().equals(due) || block._2().bytes() != slice.bytes()) {
      throw new IllegalStateException(
          "%s with %d bytes came where %s with %d was due"
              .formatted(block._1(), block._2().bytes(), due, slice.bytes()));
    }
  }

  private void advance(Slice slice, StateVector vector) {
    if (!blocks.hasNext()) {
      throw new IllegalStateException(
          "worker %d emitted no slice %d of %s".formatted(worker, slice.index(), vector));
    }
    block = blocks.next();
  }

  /** Reads the next bytes of the vector's values to the start of {@code into}. */
  void read(byte[] into, int count) {
    try {
      block._2().read(into, count);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read %s".formatted(block._1()), e);
    }
  }

  /** The metrics that came before the first vector, if any did. */
  Optional<byte[]> metrics() {
    return metrics;
  }

  /** Frees the stream after its last vector. */
  void end() {
    if (blocks.hasNext()) {
      throw new IllegalStateException(
          "%s came after the last vector".formatted(blocks.next()._1()));
    }
  }
}
