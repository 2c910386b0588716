package org.latte4j.model.weights;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.Objects;

/**
 * Writes a safetensors file to a stream, one array after the other, without holding it in memory.
 * Arrays come in the order of the layout; {@link #finish()} makes sure that none is missing.
 *
 * <p>The stream stays its owner's to close. Not thread-safe.
 */
public final class SafetensorsWriter {
  private static final int CHUNK_BYTES = 1 << 16;

  private final OutputStream out;
  private final SafetensorsLayout layout;
  private final Iterator<String> expected;
  private final byte[] bytes = new byte[CHUNK_BYTES];
  private final ByteBuffer chunk = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);

  /** Begins with the header. */
  public SafetensorsWriter(OutputStream out, SafetensorsLayout layout) throws IOException {
    this.out = out;
    this.layout = layout;
    this.expected = layout.names().iterator();
    out.write(layout.header());
  }

  /** Writes the arrays of a file. */
  @FunctionalInterface
  public interface Content {
    /** Supplies every array to the writer, in the order of the layout. */
    void writeTo(SafetensorsWriter writer) throws IOException;
  }

  /**
   * Writes a whole file that is either complete or not there: under a temporary name beside it,
   * flushed to the disk, then renamed. An existing file is replaced.
   */
  public static void save(Path file, SafetensorsLayout layout, Content content) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(
              unfinished,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        OutputStream buffered =
            new BufferedOutputStream(Channels.newOutputStream(channel), CHUNK_BYTES);
        SafetensorsWriter writer = new SafetensorsWriter(buffered, layout);
        content.writeTo(writer);
        writer.finish();
        channel.force(true);
      }
      Files.move(
          unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /**
   * Writes an array of a floating type; half types are rounded to nearest even.
   *
   * @throws IllegalArgumentException if another array is next, or its type or length differs
   */
  public void write(String name, float[] values) throws IOException {
    requireLength(name, values.length);
    write(name, values, 0);
  }

  /**
   * As above, from a longer array: as many values as the layout says, beginning at {@code from}.
   */
  public void write(String name, float[] values, int from) throws IOException {
    SafetensorsLayout.Slot slot = next(name);
    if (!slot.type().isFloating()) {
      throw new IllegalArgumentException(
          "array '" + name + "' is of type " + slot.type() + ", not of floating-point numbers");
    }
    Objects.checkFromIndexSize(from, slot.length(), values.length);
    for (int i = from; i < from + slot.length(); i++) {
      makeRoom(slot.type());
      slot.type().put(values[i], chunk);
    }
    writeChunk();
  }

  /** As above, for an I64 array. */
  public void write(String name, long[] values) throws IOException {
    requireLength(name, values.length);
    SafetensorsLayout.Slot slot = next(name);
    if (slot.type() != ElementType.I64) {
      throw new IllegalArgumentException(
          "array '" + name + "' is of type " + slot.type() + ", not I64");
    }
    for (long value : values) {
      makeRoom(slot.type());
      chunk.putLong(value);
    }
    writeChunk();
  }

  /**
   * Ends the file and flushes the stream.
   *
   * @throws IllegalStateException if an array of the layout was not written
   */
  public void finish() throws IOException {
    if (expected.hasNext()) {
      throw new IllegalStateException(
          "the safetensors file lacks array '" + expected.next() + "' of its layout");
    }
    out.flush();
  }

  private void requireLength(String name, int length) {
    SafetensorsLayout.Slot slot = layout.slot(name);
    if (slot != null && slot.length() != length) {
      throw new IllegalArgumentException(
          "array '%s' has %d values in the layout, but %d are given"
              .formatted(name, slot.length(), length));
    }
  }

  private SafetensorsLayout.Slot next(String name) {
    String due = expected.hasNext() ? expected.next() : "the end";
    if (!due.equals(name)) {
      throw new IllegalArgumentException(
          "array '%s' is out of order: the layout has '%s' next".formatted(name, due));
    }
    return layout.slot(name);
  }

  private void makeRoom(ElementType type) throws IOException {
    if (chunk.remaining() < type.bytes()) {
      writeChunk();
    }
  }

  private void writeChunk() throws IOException {
    out.write(bytes, 0, chunk.position());
    chunk.clear();
  }
}
