package org.latte4j.model.weights;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Turns an array's stored bytes, delivered in row-major order, into a Java array.
 *
 * <p>A single use each; the stream is not closed.
 */
final class ElementReader {
  private static final int CHUNK_BYTES = 1 << 18;

  private final InputStream in;
  private final ElementType type;
  private final ByteOrder order;
  private final String what;

  /**
   * @param what names array and file in messages
   */
  ElementReader(InputStream in, ElementType type, ByteOrder order, String what) {
    this.in = in;
    this.type = type;
    this.order = order;
    this.what = what;
  }

  /** Takes the values of one chunk. */
  private interface Sink {
    void accept(ByteBuffer values, int index, int count) throws IOException;
  }

  /** The next {@code length} values of a floating type, rounded to float. */
  float[] floats(long length) throws IOException {
    requireFloating();
    float[] all = new float[arrayLength(length)];
    read(
        all.length,
        (values, index, count) -> {
          if (type == ElementType.F32) {
            values.asFloatBuffer().get(all, index, count);
          } else {
            for (int i = 0; i < count; i++) {
              all[index + i] = (float) type.doubleAt(values, i * type.bytes());
            }
          }
        });
    return all;
  }

  /** The next {@code length} values of a floating type. */
  double[] doubles(long length) throws IOException {
    requireFloating();
    double[] all = new double[arrayLength(length)];
    read(
        all.length,
        (values, index, count) -> {
          for (int i = 0; i < count; i++) {
            all[index + i] = type.doubleAt(values, i * type.bytes());
          }
        });
    return all;
  }

  /** The next {@code length} whole numbers. */
  long[] longs(long length) throws IOException {
    if (type.isFloating()) {
      throw new WeightFormatException(
          what + " holds " + type + " values where whole numbers are needed");
    }
    long[] all = new long[arrayLength(length)];
    read(
        all.length,
        (values, index, count) -> {
          for (int i = 0; i < count; i++) {
            long value = type.longAt(values, i * type.bytes());
            if (type == ElementType.U64 && value < 0) {
              throw new WeightFormatException(
                  what + " holds " + Long.toUnsignedString(value) + ", too large for a Java long");
            }
            all[index + i] = value;
          }
        });
    return all;
  }

  private void requireFloating() throws WeightFormatException {
    if (!type.isFloating()) {
      throw new WeightFormatException(
          what + " holds " + type + " values where floating-point numbers are needed");
    }
  }

  private int arrayLength(long length) throws WeightFormatException {
    if (length > Integer.MAX_VALUE - 8) {
      throw new WeightFormatException(
          what + " has " + length + " values, more than a Java array holds (2^31 - 9)");
    }
    return (int) length;
  }

  private void read(int length, Sink sink) throws IOException {
    byte[] bytes = new byte[(int) Math.min(CHUNK_BYTES, (long) length * type.bytes())];
    ByteBuffer values = ByteBuffer.wrap(bytes).order(order);
    int chunk = bytes.length / type.bytes();
    for (int index = 0; index < length; index += chunk) {
      int count = Math.min(chunk, length - index);
      if (in.readNBytes(bytes, 0, count * type.bytes()) < count * type.bytes()) {
        throw new EOFException(
            what
                + " ends early: the file was cut short or changed while it was read;"
                + " copy or download it again");
      }
      sink.accept(values, index, count);
    }
  }
}
