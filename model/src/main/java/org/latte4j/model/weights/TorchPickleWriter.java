package org.latte4j.model.weights;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes the pickle of a torch checkpoint: nested dictionaries of tensors, in the operations of
 * pickle's protocol 2 that {@code torch.save} itself uses. Opposite of {@link TorchPickle}.
 */
final class TorchPickleWriter {
  private static final int PROTO = 0x80;
  private static final int MARK = '(';
  private static final int STOP = '.';
  private static final int EMPTY_DICT = '}';
  private static final int SET_ITEMS = 'u';
  private static final int UNICODE = 'X';
  private static final int INT = 'J';
  private static final int FALSE = 0x89;
  private static final int TUPLE = 't';
  private static final int EMPTY_TUPLE = ')';
  private static final int GLOBAL = 'c';
  private static final int PERSISTENT_ID = 'Q';
  private static final int REDUCE = 'R';

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  TorchPickleWriter() {
    out.write(PROTO);
    out.write(2);
  }

  /** Begins a dictionary; keys and values follow in turn. */
  void beginDictionary() {
    out.write(EMPTY_DICT);
    out.write(MARK);
  }

  /** Ends the dictionary that was begun last. */
  void endDictionary() {
    out.write(SET_ITEMS);
  }

  /** A text, as key or value. */
  void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(UNICODE);
    littleEndian(bytes.length);
    out.writeBytes(bytes);
  }

  /**
   * A contiguous tensor that fills a storage of its own.
   *
   * @param storage name of the storage's entry in the archive
   */
  void tensor(ElementType type, String storage, int[] shape) {
    int length = 1;
    for (int size : shape) {
      length = Math.multiplyExact(length, size);
    }
    global("torch._utils", "_rebuild_tensor_v2");
    out.write(MARK);
    storage(type, storage, length);
    number(0);
    out.write(MARK);
    for (int size : shape) {
      number(size);
    }
    out.write(TUPLE);
    strides(shape);
    out.write(FALSE); // No gradient is wanted.
    global("collections", "OrderedDict"); // And there are no hooks.
    out.write(EMPTY_TUPLE);
    out.write(REDUCE);
    out.write(TUPLE);
    out.write(REDUCE);
  }

  private void storage(ElementType type, String key, int length) {
    out.write(MARK);
    text("storage");
    global("torch", storageClass(type));
    text(key);
    text("cpu");
    number(length);
    out.write(TUPLE);
    out.write(PERSISTENT_ID);
  }

  private static String storageClass(ElementType type) {
    return switch (type) {
      case F64 -> "DoubleStorage";
      case F32 -> "FloatStorage";
      case F16 -> "HalfStorage";
      case BF16 -> "BFloat16Storage";
      default -> throw new IllegalArgumentException("tensors of type " + type + " are not written");
    };
  }

  private void strides(int[] shape) {
    int[] strides = new int[shape.length];
    int stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= Math.max(1, shape[i]);
    }
    out.write(MARK);
    for (int each : strides) {
      number(each);
    }
    out.write(TUPLE);
  }

  private void global(String module, String name) {
    out.write(GLOBAL);
    out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private void number(int value) {
    out.write(INT);
    littleEndian(value);
  }

  private void littleEndian(int value) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      out.write(value >>> shift);
    }
  }

  /** The whole pickle; nothing may be written after it. */
  byte[] finish() {
    out.write(STOP);
    return out.toByteArray();
  }
}
