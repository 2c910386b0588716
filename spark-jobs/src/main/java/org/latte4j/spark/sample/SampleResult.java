package org.latte4j.spark.sample;

import java.util.List;

/**
 * What a sampling run came to.
 *
 * @param model folder of the weights
 * @param videos in the order of their numbers
 * @param contactSheet path of a picture of the frames; empty if none was asked for
 * @param seconds wall time
 */
public record SampleResult(
    String model, List<SampledVideo> videos, String contactSheet, double seconds) {
  /** Copies the list. */
  public SampleResult {
    videos = List.copyOf(videos);
  }
}
