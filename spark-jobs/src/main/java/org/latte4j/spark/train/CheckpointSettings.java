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
 * @param keepLast newest checkpoints that are kept; 0: all
 * @param keepEvery of the others, each so-many-th is kept for good; 0: none
 */
public record CheckpointSettings(
    int everyRounds, int everyEpochs, double everyMinutes, int keepLast, int keepEvery)
    implements Serializable {

  static CheckpointSettings from(Settings settings) {
    return new CheckpointSettings(
        count(settings, "every-rounds"),
        count(settings, "every-epochs"),
        settings.number("train.checkpoint.every-minutes", 0, 1e6),
        count(settings, "keep-last"),
        count(settings, "keep-every"));
  }

  private static int count(Settings settings, String key) {
    return settings.integer("train.checkpoint." + key, 0, Integer.MAX_VALUE);
  }
}
