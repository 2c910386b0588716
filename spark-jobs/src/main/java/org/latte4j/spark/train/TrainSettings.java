package org.latte4j.spark.train;

import java.io.Serializable;
import java.util.List;
import java.util.Set;
import org.latte4j.data.clip.HeldOut;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.model.latte.LattePlan;
import org.latte4j.model.latte.LatteSettings;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.training.LearningRateSchedule;
import org.latte4j.model.training.LearningRateSchedule.Decay;
import org.latte4j.spark.averaging.AveragingRounds;
import org.latte4j.spark.averaging.EmaDecay;
import org.latte4j.spark.averaging.StateVector;

/**
 * The settings below {@code train}, checked.
 *
 * @param rounds of local steps and one average each
 * @param localSteps k: steps of each worker in a round
 * @param workers N: logical workers
 * @param batchSize samples of one batch
 * @param accumulation batches of one step of one worker; their gradients are summed up
 * @param microBatch samples in one pass; 0 for whole batches
 * @param purpose whether blocks keep their activations or compute them again
 * @param learningRate highest rate
 * @param warmUpSteps steps over which the rate rises
 * @param schedule what follows the warm-up
 * @param clipNorm largest norm of a gradient
 * @param clipStartStep first step whose gradient is clipped
 * @param emaDecay of a step
 * @param minSnrGamma gamma of the min-SNR weighting of timesteps; 0 for equal weights
 * @param labelDropout share of labels that are replaced by the null label
 * @param seed of initial parameters, data order, crops, noise, timesteps and label dropout
 * @param frameInterval video frames from one frame of a clip to the next
 * @param images that are trained on together with clips
 * @param threadsPerWorker threads of a worker's arithmetic
 * @param cacheBytes decoded rows that a worker may keep
 * @param updaterState what becomes of Adam's moments at an average
 * @param nonFinite what becomes of a step with a number that is not finite
 * @param heldOut videos that are not trained on
 * @param listeners class names of Deeplearning4j listeners of every worker's network
 * @param checkpoint when checkpoints are written, and which are kept
 */
public record TrainSettings(
    int rounds,
    int localSteps,
    int workers,
    int batchSize,
    int accumulation,
    int microBatch,
    LattePlan.Purpose purpose,
    double learningRate,
    int warmUpSteps,
    Decay schedule,
    double clipNorm,
    int clipStartStep,
    EmaDecay emaDecay,
    double minSnrGamma,
    double labelDropout,
    long seed,
    int frameInterval,
    ImageSettings images,
    int threadsPerWorker,
    long cacheBytes,
    UpdaterState updaterState,
    NonFinitePolicy nonFinite,
    HeldOut heldOut,
    List<String> listeners,
    CheckpointSettings checkpoint)
    implements Serializable {

  /** Reads and checks the settings. */
  public static TrainSettings from(Settings settings) {
    int batchSize = settings.integer("train.batch-size", 1, 1 << 16);
    int microBatch = settings.integer("train.micro-batch", 0, batchSize);
    if (microBatch > 0 && batchSize % microBatch != 0) {
      throw settings.invalid(
          "train.micro-batch", "a divisor of train.batch-size (%d), or 0".formatted(batchSize));
    }
    return new TrainSettings(
        settings.integer("train.rounds", 1, Integer.MAX_VALUE),
        settings.integer("train.local-steps", 1, 1 << 20),
        settings.integer("train.workers", 1, 1 << 16),
        batchSize,
        settings.integer("train.accumulation", 1, 1 << 16),
        microBatch,
        LatteSettings.trainingPurpose(settings),
        settings.number("train.learning-rate", 0, 1),
        settings.integer("train.warm-up-steps", 0, Integer.MAX_VALUE),
        settings.oneOf("train.schedule", Decay.class),
        settings.number("train.clip-norm", 0, Double.MAX_VALUE),
        settings.integer("train.clip-start-step", 0, Integer.MAX_VALUE),
        new EmaDecay(
            settings.number("train.ema-decay", 0, 1 - 1e-9),
            settings.oneOf("train.ema-start", EmaDecay.Start.class)),
        settings.number("train.min-snr-gamma", 0, 1e6),
        settings.number("model.class-dropout", 0, 1),
        settings.wholeNumber("train.seed", Long.MIN_VALUE, Long.MAX_VALUE),
        settings.integer("train.frame-interval", 1, 1 << 16),
        ImageSettings.from(settings),
        settings.integer("train.threads-per-worker", 1, 1024),
        settings.bytes("train.cache", 0, 1L << 50),
        settings.oneOf("train.updater-state", UpdaterState.class),
        settings.oneOf("train.non-finite", NonFinitePolicy.class),
        heldOut(settings),
        NetworkListeners.checked(settings),
        CheckpointSettings.from(settings));
  }

  /** What is kept for validation and not trained on. */
  public static HeldOut heldOut(Settings settings) {
    return new HeldOut(
        settings.optionalText("train.validation.split").orElse(""),
        settings.number("train.validation.share", 0, 0.9),
        settings.wholeNumber("train.validation.seed", Long.MIN_VALUE, Long.MAX_VALUE));
  }

  /** Samples of one step of one worker. */
  public int stepSamples() {
    return Math.multiplyExact(batchSize, accumulation);
  }

  /** Samples of one step of all workers: what "batch size" means in data-parallel training. */
  public long globalBatch() {
    return (long) workers * stepSamples();
  }

  /** Samples that go through the network at once. */
  public int passSamples() {
    return microBatch > 0 ? microBatch : batchSize;
  }

  /** Which video every worker sees at every step, out of so many. */
  public TrainingPlan plan(int videos) {
    return new TrainingPlan(seed, videos, workers, localSteps, stepSamples());
  }

  /**
   * The learning rate over steps.
   *
   * @param plan says how many steps the run's rounds have
   */
  public LearningRateSchedule learningRateSchedule(TrainingPlan plan) {
    int steps = Math.toIntExact(plan.position(rounds).step());
    return new LearningRateSchedule(learningRate, warmUpSteps, steps, schedule);
  }

  /** The vectors that workers gather and that are averaged. */
  public Set<StateVector> vectors() {
    return switch (updaterState) {
      case AVERAGED -> AveragingRounds.ADAM;
      case PER_WORKER, RESET -> Set.of(StateVector.PARAMETERS);
    };
  }

  /** The vectors that every worker keeps for itself. */
  public Set<StateVector> ownVectors() {
    return updaterState == UpdaterState.PER_WORKER
        ? Set.of(StateVector.FIRST_MOMENT, StateVector.SECOND_MOMENT)
        : Set.of();
  }
}
