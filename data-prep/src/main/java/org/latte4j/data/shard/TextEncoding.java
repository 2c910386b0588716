package org.latte4j.data.shard;

import java.io.Serializable;
import java.util.Locale;

/**
 * What the text embeddings of a data set are: arrays [L, D], one a video, little-endian.
 *
 * @param tokens L; 0 if the data set has no text embeddings
 * @param width D
 * @param precision of the values
 */
public record TextEncoding(int tokens, int width, Precision precision) implements Serializable {
  /** Of a data set without text embeddings. */
  public static final TextEncoding NONE = new TextEncoding(0, 0, Precision.HALF);

  /** How values are stored. */
  public enum Precision {
    /** IEEE 754 binary16. */
    HALF(2),
    /** IEEE 754 binary32. */
    SINGLE(4);

    private final int bytes;

    Precision(int bytes) {
      this.bytes = bytes;
    }

    /** Of a value. */
    public int bytes() {
      return bytes;
    }
  }

  /** Refuses negative sizes. */
  public TextEncoding {
    if (tokens < 0 || width < 0 || (tokens == 0) != (width == 0)) {
      throw new IllegalArgumentException(
          "a text embedding of %d tokens of width %d".formatted(tokens, width));
    }
    Math.multiplyExact(Math.multiplyExact(tokens, width), Float.BYTES);
  }

  /** Whether the data set has text embeddings. */
  public boolean present() {
    return tokens > 0;
  }

  /** L D: values of one embedding. */
  public int length() {
    return tokens * width;
  }

  /** Bytes of one embedding. */
  public int byteLength() {
    return length() * precision.bytes();
  }

  @Override
  public String toString() {
    return present()
        ? "%d x %d %s".formatted(tokens, width, precision.name().toLowerCase(Locale.ROOT))
        : "none";
  }
}
