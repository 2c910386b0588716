package org.latte4j.spark.encode;

import java.time.Duration;
import java.util.List;
import org.latte4j.data.shard.Manifest;

/**
 * What an encode job did.
 *
 * @param outcome whether there was anything to do
 * @param folder of the shards
 * @param manifest of the data set
 * @param repaired files that were missing or damaged and were made again
 * @param elapsed time that the job took
 */
public record EncodeResult(
    Outcome outcome, String folder, Manifest manifest, List<String> repaired, Duration elapsed) {
  /** Copies the list. */
  public EncodeResult {
    repaired = List.copyOf(repaired);
  }

  /** Whether there was anything to do. */
  public enum Outcome {
    /** The data set was encoded. */
    ENCODED,
    /** Videos were added to a data set, or files of it were made again. */
    EXTENDED,
    /** The folder already held the same data set; nothing was done. */
    ALREADY_FINISHED
  }
}
