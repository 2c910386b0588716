package org.latte4j.spark.train;

import org.latte4j.data.clip.TrainingPlan;

/**
 * Says after which rounds a checkpoint is due: every so many rounds, epochs or minutes, whichever
 * comes first, and after the last round.
 *
 * <p>Minutes count from the last checkpoint, or from the start of this process. They decide when a
 * checkpoint is written and nothing that goes into it. Not thread-safe.
 */
public final class CheckpointTriggers {
  private static final double NANOS_IN_A_MINUTE = 60e9;

  private final CheckpointSettings settings;
  private final TrainingPlan plan;
  private final long lastRound;
  private long writtenAt;

  /**
   * Of a run.
   *
   * @param nanoTime now
   */
  public CheckpointTriggers(TrainSettings train, TrainingPlan plan, long nanoTime) {
    this.settings = train.checkpoint();
    this.plan = plan;
    this.lastRound = train.rounds();
    this.writtenAt = nanoTime;
  }

  /**
   * Whether a checkpoint is due.
   *
   * @param rounds finished
   * @param nanoTime now
   */
  public boolean due(long rounds, long nanoTime) {
    return rounds >= lastRound
        || (settings.everyRounds() > 0 && rounds % settings.everyRounds() == 0)
        || (settings.everyEpochs() > 0
            && epochs(rounds) > epochs(Math.max(rounds - 1, plan.since().round())))
        || (settings.everyMinutes() > 0
            && nanoTime - writtenAt >= settings.everyMinutes() * NANOS_IN_A_MINUTE);
  }

  /** A checkpoint has been written. */
  public void written(long nanoTime) {
    writtenAt = nanoTime;
  }

  /** Finished runs of so many epochs as one trigger counts. */
  private long epochs(long rounds) {
    return plan.position(rounds).sample() / ((long) plan.videos() * settings.everyEpochs());
  }
}
