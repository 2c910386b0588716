package org.latte4j.data.clip;

import java.io.Serializable;
import org.latte4j.model.random.Permutation;
import org.latte4j.model.random.Purpose;

/**
 * Which video every worker sees at every step of a training run.
 *
 * <p>Samples are numbered through the run: step by step, in a step worker by worker, in a worker's
 * batch one by one. Each {@code videos} samples in a row are an epoch: a seeded permutation, in
 * which every video comes once. So every worker does equal work, no video is dropped at the end of
 * an epoch, and the plan knows nothing of executors.
 *
 * <p>Evaluated in constant time and memory; immutable and thread-safe.
 *
 * @param seed of the run
 * @param videos in the data set, at least 1
 * @param workers N
 * @param localSteps steps of each worker in a round
 * @param batch samples of one worker's step
 * @param since where these numbers of workers, steps and samples came into force; the counts of
 *     rounds, steps and samples go on from there
 */
public record TrainingPlan(
    long seed, int videos, int workers, int localSteps, int batch, RunPosition since)
    implements Serializable {
  /** Refuses values below one. */
  public TrainingPlan {
    if (videos < 1 || workers < 1 || localSteps < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "a plan needs at least one video, worker, local step and sample a step, not %d, %d, %d, %d"
              .formatted(videos, workers, localSteps, batch));
    }
  }

  /** A plan in force from the run's start. */
  public TrainingPlan(long seed, int videos, int workers, int localSteps, int batch) {
    this(seed, videos, workers, localSteps, batch, RunPosition.START);
  }

  /** The same plan, in force from there on. */
  public TrainingPlan since(RunPosition position) {
    return new TrainingPlan(seed, videos, workers, localSteps, batch, position);
  }

  /**
   * One sample.
   *
   * @param worker from 0 to N - 1
   * @param round from 0, not before the plan came into force
   * @param step in the round, from 0 to localSteps - 1
   * @param item in the batch, from 0 to batch - 1
   */
  public Visit visit(int worker, long round, int step, int item) {
    checkBelow("worker", worker, workers);
    checkBelow("step", step, localSteps);
    checkBelow("item", item, batch);
    long steps = position(round).step() - since.step() + step;
    long sample = since.sample() + (steps * workers + worker) * batch + item;
    long epoch = sample / videos;
    long video = Permutation.of(videos, seed, Purpose.ORDER, epoch).at(sample % videos);
    return new Visit(sample, epoch, Math.toIntExact(video));
  }

  /** Samples of all workers in a round. */
  public long samplesPerRound() {
    return (long) workers * localSteps * batch;
  }

  /**
   * How far the run has come after so many rounds.
   *
   * @param rounds finished, not fewer than when the plan came into force
   */
  public RunPosition position(long rounds) {
    long planned = rounds - since.round();
    if (planned < 0) {
      throw new IllegalArgumentException(
          "round %d of a plan in force since round %d".formatted(rounds, since.round()));
    }
    return new RunPosition(
        rounds, since.step() + planned * localSteps, since.sample() + planned * samplesPerRound());
  }

  private static void checkBelow(String name, int value, int bound) {
    if (value < 0 || value >= bound) {
      throw new IllegalArgumentException("%s %d of a plan with %d".formatted(name, value, bound));
    }
  }

  /**
   * One sample of the plan.
   *
   * @param sample number in the run, from 0: the coordinate of all that is drawn for it
   * @param epoch it belongs to, from 0
   * @param video its index in the {@link ClipCatalog}
   */
  public record Visit(long sample, long epoch, int video) {}
}
