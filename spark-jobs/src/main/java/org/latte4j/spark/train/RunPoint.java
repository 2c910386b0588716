package org.latte4j.spark.train;

import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.latte4j.spark.checkpoint.Checkpoint;

/**
 * Where a run is taken up.
 *
 * @param output the run's folder
 * @param parameters trainable values
 * @param newest checkpoint to go on from; empty for a new run
 * @param history settings that the run has had
 */
public record RunPoint(
    Path output, long parameters, Optional<Checkpoint> newest, SettingsHistory history) {
  /** Rounds that are done. */
  public long finishedRounds() {
    return newest.map(checkpoint -> checkpoint.state().round()).orElse(0L);
  }
}
