package org.latte4j.spark;

import org.latte4j.spark.cli.Latte;

/**
 * {@code spark-submit --class org.latte4j.spark.TrainMain}: parameter averaging over latent shards.
 */
public final class TrainMain {
  private TrainMain() {}

  /** Takes the options of {@code bin/latte train}. */
  public static void main(String[] args) {
    Latte.submitted("train", args);
  }
}
