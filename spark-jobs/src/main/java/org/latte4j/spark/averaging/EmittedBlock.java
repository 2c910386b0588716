package org.latte4j.spark.averaging;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import org.apache.spark.util.KnownSizeEstimation;

/**
 * What a worker hands to the shuffle under one {@link BlockKey}: its values of a slice of a vector,
 * or its metrics. Written to the shuffle's file by the task that made it, and nowhere else.
 *
 * <p>Values are a view on the worker's replica, which must stay as it is until then: they are
 * copied out piece by piece while Spark writes.
 */
interface EmittedBlock extends KnownSizeEstimation {
  /** Bytes that {@link #writeTo} writes. */
  int bytes();

  /** Writes the block's bytes. */
  void writeTo(OutputStream out) throws IOException;

  /** What Spark's sorter takes a record to occupy on the heap: it only holds references. */
  @Override
  default long estimatedSize() {
    return 64;
  }

  /** A worker's metrics. */
  static EmittedBlock of(byte[] bytes) {
    return new EmittedBlock() {
      @Override
      public int bytes() {
        return bytes.length;
      }

      @Override
      public void writeTo(OutputStream out) throws IOException {
        out.write(bytes);
      }
    };
  }

  /** A view on one slice of a replica's vector. */
  static EmittedBlock of(Replica replica, StateVector vector, Slice slice) {
    return new EmittedBlock() {
      @Override
      public int bytes() {
        return slice.bytes();
      }

      @Override
      public void writeTo(OutputStream out) throws IOException {
        byte[] piece = new byte[Pieces.length(slice, 0) * Float.BYTES];
        FloatBuffer floats = Pieces.floats(piece);
        for (int from = 0; from < slice.length(); from += Pieces.LONGEST) {
          int count = Pieces.length(slice, from);
          replica.store(vector, slice.offset() + from, floats.clear().limit(count));
          out.write(piece, 0, count * Float.BYTES);
        }
      }
    };
  }
}
