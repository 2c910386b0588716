package org.latte4j.model.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes all arrays of a source as safetensors, one array in memory at a time: as one file, or as
 * shards with an index. Names and order are the source's; files appear whole or not at all.
 */
public final class SafetensorsExport {
  /** The end of an index's name. */
  public static final String INDEX_ENDING = ".safetensors.index.json";

  private static final String ENDING = ".safetensors";

  private SafetensorsExport() {}

  /**
   * Writes one file; one of this name is replaced.
   *
   * @param type F32, F16 or BF16
   * @throws WeightFormatException if a value is too large for the type
   */
  public static void write(WeightSource source, ElementType type, Path file) throws IOException {
    write(source, source.names(), type, file);
  }

  /**
   * Writes shards and then the index {@code NAME.safetensors.index.json}, without which they are
   * nothing. An index of this name is removed first.
   *
   * @param type F32, F16 or BF16
   * @param shardBytes most bytes of values in a shard; a larger array has one of its own
   * @param index path of the index; shards {@code NAME-00001-of-00003.safetensors} lie beside it
   * @return the shards, then the index
   * @throws WeightFormatException if a value is too large for the type
   */
  public static List<Path> writeShards(
      WeightSource source, ElementType type, long shardBytes, Path index) throws IOException {
    String name = index.getFileName().toString();
    if (!name.endsWith(INDEX_ENDING)) {
      throw new IllegalArgumentException(
          "the name of an index ends with " + INDEX_ENDING + ": " + index);
    }
    String stem = name.substring(0, name.length() - INDEX_ENDING.length());
    Files.deleteIfExists(index);
    List<List<String>> shards = shards(source, type, shardBytes);
    List<Path> files = new ArrayList<>();
    Map<String, String> shardOfArray = new HashMap<>();
    for (int i = 0; i < shards.size(); i++) {
      String shard = "%s-%05d-of-%05d%s".formatted(stem, i + 1, shards.size(), ENDING);
      write(source, shards.get(i), type, index.resolveSibling(shard));
      shards.get(i).forEach(array -> shardOfArray.put(array, shard));
      files.add(index.resolveSibling(shard));
    }
    byte[] json = ShardedSafetensors.index(shardOfArray, bytes(source, type));
    Path unfinished = index.resolveSibling(name + ".tmp");
    try {
      Files.write(unfinished, json);
      Files.move(unfinished, index, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
    files.add(index);
    return files;
  }

  /** Bytes of all values of a source, written as a type. */
  public static long bytes(WeightSource source, ElementType type) {
    return source.names().stream().mapToLong(name -> bytes(source, name, type)).sum();
  }

  private static long bytes(WeightSource source, String name, ElementType type) {
    long values = 1;
    for (int size : source.shape(name)) {
      values *= size;
    }
    return values * type.bytes();
  }

  private static List<List<String>> shards(WeightSource source, ElementType type, long most) {
    List<List<String>> shards = new ArrayList<>();
    long room = 0;
    for (String name : source.names()) {
      long bytes = bytes(source, name, type);
      if (shards.isEmpty() || bytes > room) {
        shards.add(new ArrayList<>());
        room = most;
      }
      shards.get(shards.size() - 1).add(name);
      room -= bytes;
    }
    return shards;
  }

  private static void write(WeightSource source, List<String> names, ElementType type, Path file)
      throws IOException {
    // Hugging Face's readers ask for this remark.
    SafetensorsLayout.Builder layout = SafetensorsLayout.builder().metadata("format", "pt");
    for (String name : names) {
      layout.array(name, type, source.shape(name));
    }
    SafetensorsWriter.save(
        file,
        layout.build(),
        writer -> {
          for (String name : names) {
            writer.write(name, RoundedValues.of(source, name, type));
          }
        });
  }
}
