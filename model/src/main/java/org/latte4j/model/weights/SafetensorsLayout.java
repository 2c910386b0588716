package org.latte4j.model.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Names, types and shapes of the arrays of a safetensors file to be written: all that its header
 * needs. The values follow in the same order ({@link SafetensorsWriter}).
 *
 * <p>Immutable and thread-safe.
 */
public final class SafetensorsLayout {
  private static final Set<ElementType> WRITTEN =
      Set.of(ElementType.F64, ElementType.F32, ElementType.F16, ElementType.BF16, ElementType.I64);

  private final Map<String, Slot> slots;
  private final byte[] header;
  private final long dataBytes;

  private SafetensorsLayout(Map<String, Slot> slots, byte[] header, long dataBytes) {
    this.slots = slots;
    this.header = header;
    this.dataBytes = dataBytes;
  }

  /** Type and number of values of one array. */
  record Slot(ElementType type, int length) {}

  /** Begins with no arrays. */
  public static Builder builder() {
    return new Builder();
  }

  /** Names, in the order in which the values must come. */
  public List<String> names() {
    return List.copyOf(slots.keySet());
  }

  /** Bytes of all values: what an index of shards adds up as its total size. */
  public long dataBytes() {
    return dataBytes;
  }

  /** Bytes of the whole file. */
  public long fileBytes() {
    return header.length + dataBytes;
  }

  Slot slot(String name) {
    return slots.get(name);
  }

  /** The file up to the first value. */
  byte[] header() {
    return header.clone();
  }

  /** Collects the arrays. */
  public static final class Builder {
    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private final Map<String, Object> json = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private long position;

    private Builder() {}

    /**
     * The next array.
     *
     * @param type F64, F32, F16, BF16 or I64
     * @param shape sizes, outermost first; none for a scalar
     * @throws IllegalArgumentException if the name is taken, the type is not written, there are
     *     more values than a Java array holds, or the values would not begin at a multiple of their
     *     size (readers map the file: wider types go first)
     */
    public Builder array(String name, ElementType type, int... shape) {
      if (name.equals(SafetensorsHeader.METADATA_KEY) || slots.containsKey(name)) {
        throw new IllegalArgumentException("array name '" + name + "' is taken");
      }
      if (!WRITTEN.contains(type)) {
        throw new IllegalArgumentException(
            "array '" + name + "': type " + type + " is not written, only " + WRITTEN);
      }
      if (position % type.bytes() != 0) {
        throw new IllegalArgumentException(
            "array '%s' of type %s would begin at byte %d, no multiple of %d: declare wider types first"
                .formatted(name, type, position, type.bytes()));
      }
      int length = length(name, shape);
      long end = position + (long) length * type.bytes();
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", type.name());
      entry.put("shape", shape.clone());
      entry.put("data_offsets", new long[] {position, end});
      json.put(name, entry);
      slots.put(name, new Slot(type, length));
      position = end;
      return this;
    }

    /** A remark that readers find in the file's metadata. */
    public Builder metadata(String key, String value) {
      metadata.put(key, value);
      return this;
    }

    /** The finished layout. */
    public SafetensorsLayout build() {
      return new SafetensorsLayout(new LinkedHashMap<>(slots), header(), position);
    }

    private static int length(String name, int[] shape) {
      int length = 1;
      for (int size : shape) {
        if (size < 0) {
          throw new IllegalArgumentException(
              "array '" + name + "' has a negative size: " + Arrays.toString(shape));
        }
        try {
          length = Math.multiplyExact(length, size);
        } catch (ArithmeticException e) {
          throw new IllegalArgumentException(
              "array '%s' of shape %s has more values than a Java array holds"
                  .formatted(name, Arrays.toString(shape)),
              e);
        }
      }
      return length;
    }

    private byte[] header() {
      Map<String, Object> all = new LinkedHashMap<>();
      if (!metadata.isEmpty()) {
        all.put(SafetensorsHeader.METADATA_KEY, metadata);
      }
      all.putAll(json);
      byte[] text;
      try {
        text = new ObjectMapper().writeValueAsString(all).getBytes(StandardCharsets.UTF_8);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("maps of strings and numbers always become JSON", e);
      }
      // Spaces up to a multiple of 8, so that the values are aligned when a file is mapped.
      int padded = (text.length + 7) / 8 * 8;
      byte[] header = new byte[Long.BYTES + padded];
      Arrays.fill(header, (byte) ' ');
      ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(text);
      return header;
    }
  }
}
