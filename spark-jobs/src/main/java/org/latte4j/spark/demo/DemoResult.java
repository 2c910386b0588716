package org.latte4j.spark.demo;

import java.util.List;

/**
 * What the demo made.
 *
 * @param mode {@code going on from the shipped checkpoint} or {@code from scratch}
 * @param videosEncoded real videos that were encoded
 * @param rounds averaging rounds that were run
 * @param lastLoss mean loss of the last round
 * @param videos generated files
 * @param contactSheet picture of real and generated frames side by side
 * @param lossCurve picture of the loss over steps
 * @param shards folder of the latent shards
 * @param checkpoint folder of the trained model
 * @param seconds wall time
 */
public record DemoResult(
    String mode,
    int videosEncoded,
    long rounds,
    double lastLoss,
    List<String> videos,
    String contactSheet,
    String lossCurve,
    String shards,
    String checkpoint,
    double seconds) {
  /** Copies the list. */
  public DemoResult {
    videos = List.copyOf(videos);
  }
}
