package org.latte4j.model.weights;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a safetensors file says of its arrays: eight bytes with the header's length (little-endian),
 * then a JSON object {@code {"name": {"dtype": .., "shape": [..], "data_offsets": [begin, end]}}},
 * then the values. As the format demands, the arrays must fill the rest of the file without gaps or
 * overlaps.
 *
 * <p>Immutable and thread-safe.
 */
final class SafetensorsHeader {
  static final String METADATA_KEY = "__metadata__";

  /** The limit of the format's reference implementation. */
  static final int LARGEST_HEADER = 100_000_000;

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final String description;
  private final Map<String, Entry> entries;
  private final Map<String, String> metadata;

  private SafetensorsHeader(
      String description, Map<String, Entry> entries, Map<String, String> metadata) {
    this.description = description;
    this.entries = Collections.unmodifiableMap(entries);
    this.metadata = Collections.unmodifiableMap(metadata);
  }

  /** Where and how one array is stored. */
  static final class Entry {
    private final ElementType type;
    private final int[] shape;
    private final long length;
    private final long begin;
    private final long end;

    private Entry(ElementType type, int[] shape, long length, long begin, long end) {
      this.type = type;
      this.shape = shape;
      this.length = length;
      this.begin = begin;
      this.end = end;
    }

    ElementType type() {
      return type;
    }

    int[] shape() {
      return shape.clone();
    }

    /** Number of values. */
    long length() {
      return length;
    }

    /** First byte, counted from the start of the file. */
    long begin() {
      return begin;
    }

    private Entry shifted(long by) {
      return new Entry(type, shape, length, begin + by, end + by);
    }
  }

  /** Arrays by name, in the order of their values in the file. */
  Map<String, Entry> entries() {
    return entries;
  }

  /** The file's own remarks; empty if it has none. */
  Map<String, String> metadata() {
    return metadata;
  }

  /** The array of this name. */
  Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("there is no array '" + name + "' in " + description);
    }
    return entry;
  }

  /**
   * Reads and checks the header.
   *
   * @param channel at any position
   * @param description names the file in messages
   * @throws WeightFormatException if the file is damaged, cut short or something else
   */
  static SafetensorsHeader read(SeekableByteChannel channel, String description)
      throws IOException {
    long size = channel.size();
    byte[] head = bytes(channel, 0, (int) Math.min(size, FileKind.HEAD_BYTES));
    FileKind kind = FileKind.of(head);
    if (kind != FileKind.SAFETENSORS) {
      String is = size == 0 ? "empty" : size <= Long.BYTES ? "cut short" : kind.description();
      throw new WeightFormatException(description + " is not a safetensors file: it is " + is);
    }
    long headerBytes = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (headerBytes < 2 || headerBytes > LARGEST_HEADER) {
      throw damaged(
          description,
          "its header would have %s bytes, outside 2 to %d"
              .formatted(Long.toUnsignedString(headerBytes), LARGEST_HEADER));
    }
    long start = Long.BYTES + headerBytes;
    if (start > size) {
      throw new WeightFormatException(
          "%s is cut short: its header takes %d bytes, but the file has only %d; copy or download it again"
              .formatted(description, start, size));
    }
    JsonNode json = parse(bytes(channel, Long.BYTES, (int) headerBytes), description);
    return check(json, start, size, description);
  }

  private static JsonNode parse(byte[] header, String description) throws IOException {
    try {
      JsonNode json = JSON.readTree(header);
      if (!json.isObject()) {
        throw damaged(description, "its header is not a JSON object");
      }
      return json;
    } catch (JsonProcessingException e) {
      throw new WeightFormatException(
          description
              + " is damaged: its header is not valid JSON ("
              + e.getOriginalMessage()
              + "); copy or download it again",
          e);
    }
  }

  private static SafetensorsHeader check(JsonNode json, long start, long size, String description)
      throws WeightFormatException {
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Map.Entry<String, Entry>> arrays = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      if (field.getKey().equals(METADATA_KEY)) {
        readMetadata(field.getValue(), metadata, description);
      } else {
        arrays.add(Map.entry(field.getKey(), entry(field.getKey(), field.getValue(), description)));
      }
    }
    arrays.sort(
        Comparator.comparingLong((Map.Entry<String, Entry> array) -> array.getValue().begin)
            .thenComparingLong(array -> array.getValue().end));
    long position = 0;
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (Map.Entry<String, Entry> array : arrays) {
      Entry entry = array.getValue();
      if (entry.begin != position) {
        throw damaged(
            description,
            "array '%s' begins at byte %d of the values, where the one before it ends at %d"
                .formatted(array.getKey(), entry.begin, position));
      }
      position = entry.end;
      entries.put(array.getKey(), entry.shifted(start));
    }
    if (position > size - start) {
      throw new WeightFormatException(
          "%s is cut short: its arrays take %d bytes, but the file has only %d; copy or download it again"
              .formatted(description, start + position, size));
    }
    if (position < size - start) {
      throw damaged(
          description, "%d bytes follow after its last array".formatted(size - start - position));
    }
    return new SafetensorsHeader(description, entries, metadata);
  }

  private static void readMetadata(JsonNode json, Map<String, String> metadata, String description)
      throws WeightFormatException {
    if (!json.isObject()) {
      throw damaged(description, METADATA_KEY + " in its header is not an object");
    }
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      if (!field.getValue().isTextual()) {
        throw damaged(
            description, METADATA_KEY + "." + field.getKey() + " in its header is not a string");
      }
      metadata.put(field.getKey(), field.getValue().textValue());
    }
  }

  private static Entry entry(String name, JsonNode json, String description)
      throws WeightFormatException {
    String where = "array '" + name + "'";
    JsonNode dtype = json.path("dtype");
    if (!dtype.isTextual()) {
      throw damaged(description, where + " has no dtype");
    }
    ElementType type =
        ElementType.named(dtype.textValue())
            .orElseThrow(
                () ->
                    new WeightFormatException(
                        "%s: %s has dtype %s, which is not read (only %s); convert it"
                            .formatted(
                                description,
                                where,
                                dtype.textValue(),
                                Arrays.toString(ElementType.values()))));
    long[] sizes = wholeNumbers(json.path("shape"), where + ": shape", description);
    long[] offsets = wholeNumbers(json.path("data_offsets"), where + ": data_offsets", description);
    if (offsets.length != 2) {
      throw damaged(description, where + " has " + offsets.length + " data_offsets instead of 2");
    }
    int[] shape = new int[sizes.length];
    long length = 1;
    try {
      for (int i = 0; i < sizes.length; i++) {
        shape[i] = Math.toIntExact(sizes[i]);
        length = Math.multiplyExact(length, sizes[i]);
      }
      long bytes = Math.multiplyExact(length, (long) type.bytes());
      if (Math.subtractExact(offsets[1], offsets[0]) != bytes) {
        throw damaged(
            description,
            "%s of shape %s and type %s takes %d bytes, but its data_offsets are %s"
                .formatted(where, Arrays.toString(sizes), type, bytes, Arrays.toString(offsets)));
      }
    } catch (ArithmeticException e) {
      throw new WeightFormatException(
          "%s: %s is too large: shape %s".formatted(description, where, Arrays.toString(sizes)), e);
    }
    return new Entry(type, shape, length, offsets[0], offsets[1]);
  }

  private static long[] wholeNumbers(JsonNode json, String what, String description)
      throws WeightFormatException {
    if (!json.isArray()) {
      throw damaged(description, what + " is missing or not a list");
    }
    long[] numbers = new long[json.size()];
    for (int i = 0; i < numbers.length; i++) {
      JsonNode number = json.get(i);
      if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
        throw damaged(description, what + " holds " + number + ", which is no size");
      }
      numbers[i] = number.longValue();
    }
    return numbers;
  }

  private static byte[] bytes(SeekableByteChannel channel, long position, int count)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    channel.position(position);
    while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private static WeightFormatException damaged(String description, String how) {
    return new WeightFormatException(
        description + " is damaged: " + how + "; copy or download it again");
  }
}
