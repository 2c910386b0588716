package org.latte4j.data.encode;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.shard.Halves;
import org.latte4j.data.shard.TextEncoding;
import org.latte4j.data.shard.TextEncoding.Precision;
import org.latte4j.data.source.InvalidSourceException;
import org.latte4j.data.source.TextLocation;
import org.latte4j.data.storage.HadoopChannel;
import org.latte4j.model.weights.ElementType;
import org.latte4j.model.weights.SafetensorsFile;
import org.latte4j.model.weights.WeightFormatException;

/**
 * Reads text embeddings out of safetensors files: arrays [L, D], [1, L, D] or [D] (one token). F16
 * stays half precision, all else becomes single precision. A few files stay open, since a list may
 * keep all videos' embeddings in one.
 *
 * <p>Not thread-safe. Closing it closes the files.
 */
public final class TextReader implements Closeable {
  private static final int MOST_OPEN = 8;

  private final Configuration hadoop;
  private final Map<String, SafetensorsFile> open = new LinkedHashMap<>(16, 0.75f, true);

  /** A reader that has nothing open yet. */
  public TextReader(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /**
   * What an embedding is, by its file's header.
   *
   * @throws InvalidSourceException if the file or the array is not there, or no embedding
   */
  public TextEncoding describe(TextLocation location) throws IOException {
    SafetensorsFile file = file(location);
    String key = key(file, location);
    int[] shape = file.shape(key);
    int first = shape.length == 3 && shape[0] == 1 ? 1 : 0;
    int rank = shape.length - first;
    if (rank < 1 || rank > 2 || !file.type(key).isFloating()) {
      throw new InvalidSourceException(
          "%s, array '%s': a text embedding is an array [L, D] of numbers, not %s %s"
              .formatted(location.name(), key, file.type(key), Arrays.toString(shape)));
    }
    return new TextEncoding(
        rank == 1 ? 1 : shape[first],
        shape[shape.length - 1],
        file.type(key) == ElementType.F16 ? Precision.HALF : Precision.SINGLE);
  }

  /**
   * The embedding as it is stored in shards.
   *
   * @param expected what all embeddings of the data set are
   * @throws InvalidSourceException if this is another one, or cannot be read
   */
  byte[] read(TextLocation location, TextEncoding expected) throws IOException {
    TextEncoding found = describe(location);
    if (!found.equals(expected)) {
      throw new InvalidSourceException(
          "its text embedding is %s, and the data set's are %s".formatted(found, expected));
    }
    float[] values = values(location);
    byte[] bytes = new byte[expected.byteLength()];
    if (expected.precision() == Precision.HALF) {
      Halves.store(values, 0, values.length, bytes, 0);
    } else {
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    }
    return bytes;
  }

  /**
   * The embedding's values [L, D]; {@link #describe} says how many.
   *
   * @throws InvalidSourceException if the file or the array is not there
   */
  public float[] values(TextLocation location) throws IOException {
    SafetensorsFile file = file(location);
    return file.floats(key(file, location));
  }

  private static String key(SafetensorsFile file, TextLocation location)
      throws InvalidSourceException {
    List<String> names = file.names();
    if (location.key().isEmpty() ? names.size() == 1 : file.contains(location.key())) {
      return location.key().isEmpty() ? names.get(0) : location.key();
    }
    throw new InvalidSourceException(
        location.key().isEmpty()
            ? "%s holds %d arrays, and the list gives no key"
                .formatted(location.name(), names.size())
            : "%s holds no array '%s'".formatted(location.name(), location.key()));
  }

  private SafetensorsFile file(TextLocation location) throws IOException {
    SafetensorsFile known = open.get(location.file());
    if (known != null) {
      return known;
    }
    Path path = new Path(location.file());
    FileSystem files = path.getFileSystem(hadoop);
    SafetensorsFile opened;
    try {
      FileStatus status = files.getFileStatus(path);
      opened =
          SafetensorsFile.open(
              new HadoopChannel(files.open(path), status.getLen()), location.name());
    } catch (FileNotFoundException e) {
      throw new InvalidSourceException("its text embedding " + location.name() + " is gone", e);
    } catch (WeightFormatException e) {
      throw new InvalidSourceException("its text embedding: " + e.getMessage(), e);
    }
    open.put(location.file(), opened);
    if (open.size() > MOST_OPEN) {
      String eldest = open.keySet().iterator().next();
      open.remove(eldest).close();
    }
    return opened;
  }

  @Override
  public void close() throws IOException {
    List<SafetensorsFile> files = List.copyOf(open.values());
    open.clear();
    for (SafetensorsFile file : files) {
      file.close();
    }
  }
}
