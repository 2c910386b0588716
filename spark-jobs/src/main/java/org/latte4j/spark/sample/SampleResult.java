package org.latte4j.spark.sample;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a sampling run came to.
 *
 * @param model folder of the weights
 * @param settings all below {@code sample}: with model and sample numbers, what the videos follow
 *     from
 * @param videos class by class
 * @param contactSheet path of a picture of the frames; empty if none was asked for
 * @param seconds wall time
 */
public record SampleResult(
    String model,
    Map<String, Object> settings,
    List<SampledVideo> videos,
    String contactSheet,
    double seconds) {
  /** Copies the collections. */
  public SampleResult {
    settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    videos = List.copyOf(videos);
  }
}
