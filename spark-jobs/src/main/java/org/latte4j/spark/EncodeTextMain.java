package org.latte4j.spark;

import org.latte4j.spark.cli.Latte;

/** {@code spark-submit --class org.latte4j.spark.EncodeTextMain}: captions into embeddings. */
public final class EncodeTextMain {
  private EncodeTextMain() {}

  /** Takes the options of {@code bin/latte encode-text}. */
  public static void main(String[] args) {
    Latte.submitted("encode-text", args);
  }
}
