package org.latte4j.spark;

import org.latte4j.spark.cli.Latte;

/**
 * {@code spark-submit --class org.latte4j.spark.TrainAutoencoderMain}: an autoencoder trained on
 * frames of videos.
 */
public final class TrainAutoencoderMain {
  private TrainAutoencoderMain() {}

  /** Takes the options of {@code bin/latte train-autoencoder}. */
  public static void main(String[] args) {
    Latte.submitted("train-autoencoder", args);
  }
}
