package org.latte4j.model.weights;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Weights spread over several safetensors files of one folder, tied together by an index: Hugging
 * Face's convention, {@code X.safetensors.index.json} with {@code {"metadata": {"total_size": ..},
 * "weight_map": {"array": "file"}}}.
 *
 * <p>All headers are read and checked when the set is opened; after that at most one file is open
 * at a time. Arrays that lie in the files but not in the index are left out; {@code total_size} is
 * not compared, as published indexes often state that of another precision.
 */
public final class ShardedSafetensors implements WeightSource {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private final WeightFolder folder;
  private final String description;
  private final Map<String, String> shardOfArray;
  private final Map<String, SafetensorsHeader> headers;
  private String openShard = "";
  private SafetensorsFile openFile;

  private ShardedSafetensors(
      WeightFolder folder,
      String description,
      Map<String, String> shardOfArray,
      Map<String, SafetensorsHeader> headers) {
    this.folder = folder;
    this.description = description;
    this.shardOfArray = shardOfArray;
    this.headers = headers;
  }

  /** Opens the set that an index file describes; the shards lie beside it. */
  public static ShardedSafetensors open(Path index) throws IOException {
    Path folder = index.toAbsolutePath().getParent();
    return open(WeightFolder.of(folder), index.getFileName().toString());
  }

  /**
   * Opens the set that an index in a folder describes.
   *
   * @param index name of the index file
   * @throws WeightFormatException if the index or a shard is damaged, or a shard lacks an array
   */
  public static ShardedSafetensors open(WeightFolder folder, String index) throws IOException {
    String description = folder.description() + "/" + index;
    Map<String, String> weightMap = weightMap(folder, index, description);
    Map<String, SafetensorsHeader> headers = new HashMap<>();
    for (String shard : new TreeSet<>(weightMap.values())) {
      try (SeekableByteChannel channel = folder.open(shard)) {
        headers.put(shard, SafetensorsHeader.read(channel, folder.description() + "/" + shard));
      } catch (NoSuchFileException | FileNotFoundException e) {
        throw new WeightFormatException(
            "%s names the shard %s, which is not there; copy or download the whole folder again"
                .formatted(description, shard),
            e);
      }
    }
    for (Map.Entry<String, String> entry : weightMap.entrySet()) {
      if (!headers.get(entry.getValue()).entries().containsKey(entry.getKey())) {
        throw new WeightFormatException(
            "%s says that array '%s' lies in %s, but it does not; index and shards are not of one set"
                .formatted(description, entry.getKey(), entry.getValue()));
      }
    }
    return new ShardedSafetensors(folder, description, weightMap, headers);
  }

  private static Map<String, String> weightMap(
      WeightFolder folder, String index, String description) throws IOException {
    JsonNode json;
    try (SeekableByteChannel channel = folder.open(index);
        InputStream in = Channels.newInputStream(channel)) {
      json = JSON.readTree(in);
    } catch (JsonProcessingException e) {
      throw new WeightFormatException(
          description + " is damaged: no valid JSON (" + e.getOriginalMessage() + ")", e);
    }
    JsonNode map = json.path("weight_map");
    if (!map.isObject() || map.isEmpty()) {
      throw new WeightFormatException(
          description + " is not an index of safetensors files: it has no weight_map with entries");
    }
    Map<String, String> weightMap = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : map.properties()) {
      String shard = field.getValue().asText();
      if (!field.getValue().isTextual()
          || shard.isEmpty()
          || shard.matches(".*[/\\\\].*|\\.\\.?")) {
        throw new WeightFormatException(
            "%s: weight_map.%s is %s, but must be the plain name of a file beside the index"
                .formatted(description, field.getKey(), field.getValue()));
      }
      weightMap.put(field.getKey(), shard);
    }
    return weightMap;
  }

  /**
   * The index of a set of shards.
   *
   * @param shardOfArray file name of each array's shard
   * @param totalSize bytes of all values ({@link SafetensorsLayout#dataBytes()} of all shards)
   * @return JSON in UTF-8, arrays sorted by name
   */
  public static byte[] index(Map<String, String> shardOfArray, long totalSize) {
    Map<String, Object> index = new LinkedHashMap<>();
    index.put("metadata", Map.of("total_size", totalSize));
    index.put("weight_map", new TreeMap<>(shardOfArray));
    try {
      return (JSON.writerWithDefaultPrettyPrinter().writeValueAsString(index) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of strings and numbers always become JSON", e);
    }
  }

  @Override
  public String description() {
    return description;
  }

  /** Names in the order of the index. */
  @Override
  public List<String> names() {
    return new ArrayList<>(shardOfArray.keySet());
  }

  @Override
  public boolean contains(String name) {
    return shardOfArray.containsKey(name);
  }

  @Override
  public int[] shape(String name) {
    return headers.get(shard(name)).entry(name).shape();
  }

  @Override
  public ElementType type(String name) {
    return headers.get(shard(name)).entry(name).type();
  }

  @Override
  public float[] floats(String name) throws IOException {
    return fileWith(name).floats(name);
  }

  @Override
  public double[] doubles(String name) throws IOException {
    return fileWith(name).doubles(name);
  }

  @Override
  public long[] longs(String name) throws IOException {
    return fileWith(name).longs(name);
  }

  private String shard(String name) {
    String shard = shardOfArray.get(name);
    if (shard == null) {
      throw new IllegalArgumentException("there is no array '" + name + "' in " + description);
    }
    return shard;
  }

  private SafetensorsFile fileWith(String name) throws IOException {
    String shard = shard(name);
    if (!shard.equals(openShard)) {
      close();
      openFile =
          SafetensorsFile.open(
              folder.open(shard), folder.description() + "/" + shard, headers.get(shard));
      openShard = shard;
    }
    return openFile;
  }

  @Override
  public void close() throws IOException {
    if (!openShard.isEmpty()) {
      openShard = "";
      openFile.close();
    }
  }
}
