package org.latte4j.spark;

import org.latte4j.spark.cli.Latte;

/** {@code spark-submit --class org.latte4j.spark.SampleMain}: video from a checkpoint. */
public final class SampleMain {
  private SampleMain() {}

  /** Takes the options of {@code bin/latte sample}. */
  public static void main(String[] args) {
    Latte.submitted("sample", args);
  }
}
