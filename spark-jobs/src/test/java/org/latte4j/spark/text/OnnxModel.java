package org.latte4j.spark.text;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A text encoder in ONNX, written byte by byte: each token's row of a table, times the mask where
 * there is one. ONNX is Protocol Buffers; the numbers are those of its fields.
 */
final class OnnxModel {
  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final int OPERATORS = 13;

  private String ids = "input_ids";
  private String output = "last_hidden_state";
  private boolean masked;

  /** The same with another name of the tokens' input. */
  OnnxModel ids(String name) {
    ids = name;
    return this;
  }

  /** The same with another name of the output. */
  OnnxModel output(String name) {
    output = name;
    return this;
  }

  /** The same with an attention mask. */
  OnnxModel masked() {
    masked = true;
    return this;
  }

  /** The file's bytes. table [V, D]. */
  byte[] bytes(float[] table, int width) {
    Message graph = new Message();
    String states = masked ? "states" : output;
    graph.message(1, node("Gather", states, "table", ids));
    if (masked) {
      Message toFloat = node("Cast", "mask_floats", "attention_mask");
      toFloat.message(5, new Message().text(1, "to").number(3, FLOAT).number(20, 2));
      graph.message(1, toFloat);
      graph.message(1, node("Unsqueeze", "mask_rows", "mask_floats", "last_axis"));
      graph.message(1, node("Mul", output, states, "mask_rows"));
    }
    graph.text(2, "encoder");
    graph.message(
        5,
        new Message()
            .number(1, table.length / width)
            .number(1, width)
            .number(2, FLOAT)
            .text(8, "table")
            .bytes(9, littleEndian(table)));
    if (masked) {
      byte[] two = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(2).array();
      graph.message(
          5, new Message().number(1, 1).number(2, INT64).text(8, "last_axis").bytes(9, two));
    }
    graph.message(11, value(ids, INT64, "batch", "length"));
    if (masked) {
      graph.message(11, value("attention_mask", INT64, "batch", "length"));
    }
    graph.message(12, value(output, FLOAT, "batch", "length", "width"));
    return new Message()
        .number(1, 8)
        .message(7, graph)
        .message(8, new Message().text(1, "").number(2, OPERATORS))
        .toByteArray();
  }

  private static Message node(String operator, String output, String... inputs) {
    Message node = new Message();
    for (String input : inputs) {
      node.text(1, input);
    }
    return node.text(2, output).text(4, operator);
  }

  private static Message value(String name, int type, String... dimensions) {
    Message shape = new Message();
    for (String dimension : dimensions) {
      shape.message(1, new Message().text(2, dimension));
    }
    Message tensor = new Message().number(1, type).message(2, shape);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  private static byte[] littleEndian(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  /** A message of Protocol Buffers. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message number(int field, long value) {
      variable(field << 3);
      variable(value);
      return this;
    }

    Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.toByteArray());
    }

    Message bytes(int field, byte[] value) {
      variable(field << 3 | 2);
      variable(value.length);
      out.writeBytes(value);
      return this;
    }

    byte[] toByteArray() {
      return out.toByteArray();
    }

    /** Seven bits a byte, the lowest first. */
    private void variable(long value) {
      long rest = value;
      while (rest > 0x7f) {
        out.write((int) (rest & 0x7f | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }
  }
}
