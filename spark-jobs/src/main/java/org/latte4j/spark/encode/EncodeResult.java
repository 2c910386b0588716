package org.latte4j.spark.encode;

import java.time.Duration;
import org.latte4j.data.shard.Manifest;

/**
 * What an encode job did.
 *
 * @param outcome whether there was anything to do
 * @param folder of the shards
 * @param manifest of the data set
 * @param elapsed time that the job took
 */
public record EncodeResult(Outcome outcome, String folder, Manifest manifest, Duration elapsed) {
  /** Whether there was anything to do. */
  public enum Outcome {
    /** The data set was encoded. */
    ENCODED,
    /** The folder already held the same data set; nothing was done. */
    ALREADY_FINISHED
  }
}
