package org.latte4j.spark;

import org.latte4j.spark.cli.Latte;

/** {@code spark-submit --class org.latte4j.spark.EncodeMain}: videos into latent shards. */
public final class EncodeMain {
  private EncodeMain() {}

  /** Takes the options of {@code bin/latte encode}. */
  public static void main(String[] args) {
    Latte.submitted("encode", args);
  }
}
