package org.latte4j.model.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Tensors that the reference implementation computed, read from a safetensors resource in {@code
 * /golden}. Apart from the production reader, so that the two check each other, and so that 64-bit
 * values keep their precision.
 */
public final class GoldenTensors {
  private final String file;
  private final JsonNode header;
  private final ByteBuffer data;

  private GoldenTensors(String file, JsonNode header, ByteBuffer data) {
    this.file = file;
    this.header = header;
    this.data = data;
  }

  /** Reads {@code /golden/NAME.safetensors}. */
  public static GoldenTensors read(String name) {
    String file = "/golden/" + name + ".safetensors";
    try (InputStream stream = GoldenTensors.class.getResourceAsStream(file)) {
      if (stream == null) {
        throw new IllegalArgumentException("no test resource " + file);
      }
      ByteBuffer bytes = ByteBuffer.wrap(stream.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      byte[] json = new byte[Math.toIntExact(bytes.getLong())];
      bytes.get(json);
      ByteBuffer data = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
      return new GoldenTensors(file, new ObjectMapper().readTree(json), data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A 64-bit floating tensor. */
  public double[] doubles(String name) {
    ByteBuffer bytes = bytes(name, "F64");
    double[] values = new double[bytes.remaining() / Double.BYTES];
    bytes.asDoubleBuffer().get(values);
    return values;
  }

  /** A 32-bit floating tensor. */
  public float[] floats(String name) {
    ByteBuffer bytes = bytes(name, "F32");
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  /** A 64-bit integer tensor whose values fit into 32 bits. */
  public int[] ints(String name) {
    ByteBuffer bytes = bytes(name, "I64");
    int[] values = new int[bytes.remaining() / Long.BYTES];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.toIntExact(bytes.getLong());
    }
    return values;
  }

  private ByteBuffer bytes(String name, String type) {
    JsonNode entry = header.path(name);
    if (!entry.path("dtype").asText().equals(type)) {
      throw new IllegalArgumentException("no %s tensor %s in %s".formatted(type, name, file));
    }
    int from = entry.path("data_offsets").get(0).asInt();
    int to = entry.path("data_offsets").get(1).asInt();
    return data.slice(from, to - from).order(ByteOrder.LITTLE_ENDIAN);
  }
}
