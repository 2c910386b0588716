package org.latte4j.spark.train;

import java.io.Serializable;
import org.latte4j.model.settings.Settings;

/**
 * The settings below {@code train.checkpoint}, checked. None of them changes what is trained.
 *
 * @param everyRounds rounds from one checkpoint to the next; 0: not by rounds
 * @param everyEpochs epochs after which one is written; 0: not by epochs
 * @param everyMinutes minutes since the last one, after which the next round writes one; 0: not by
 *     time
 */
public record CheckpointSettings(int everyRounds, int everyEpochs, double everyMinutes)
    implements Serializable {

  static CheckpointSettings from(Settings settings) {
    return new CheckpointSettings(
        count(settings, "every-rounds"),
        count(settings, "every-epochs"),
        settings.number("train.checkpoint.every-minutes", 0, 1e6));
  }

  private static int count(Settings settings, String key) {
    return settings.integer("train.checkpoint." + key, 0, Integer.MAX_VALUE);
  }
}
