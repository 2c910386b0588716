package org.latte4j.spark.train;

import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.EnvironmentException;
import org.latte4j.spark.watchdog.StalledException;

/**
 * Trains Latte on latent shards by parameter averaging, and writes checkpoints.
 *
 * <p>The result follows from the settings and the manifest alone, whatever the number of executors.
 * For one use, by one thread.
 */
public final class TrainJob {
  private final JavaSparkContext context;
  private final Settings settings;
  private final Path shards;
  private final TrainingRun<LatteRunDescription> run;

  /**
   * A job.
   *
   * @param settings {@code model.*} and {@code train.*} are read
   * @param shards folder that the encode job wrote
   * @param output folder of the run; checkpoints go below it
   * @throws SettingsException naming the key whose value is not allowed
   */
  public TrainJob(JavaSparkContext context, Settings settings, Path shards, Path output) {
    this.context = context;
    this.settings = settings;
    this.shards = shards;
    this.run = new TrainingRun<>(context, settings, output);
  }

  /** Tells one more listener of every round; listeners are called in the order of these calls. */
  public TrainJob listener(RunListener<? super LatteRunDescription> listener) {
    run.listener(listener);
    return this;
  }

  /** What becomes of a run that is to go on with other settings; refused unless set. */
  public TrainJob changes(ChangePolicy policy) {
    run.changes(policy);
    return this;
  }

  /**
   * Runs all rounds, or those that are missing after the newest whole checkpoint of the output
   * folder. A finished run is left as it is. If the executors that held the state are lost, the run
   * goes back to its newest checkpoint, and listeners hear that it begins again there.
   *
   * @throws SettingsException if the output folder holds a run with other settings
   * @throws IOException if shards or weights cannot be read or a checkpoint not be written
   * @throws EnvironmentException if the executors lack memory, a backend or a usable GPU
   * @throws TrainingDivergedException if a loss or a gradient is not a finite number
   * @throws StalledException if nothing moved for as long as {@code train.watchdog.give-up-after}
   */
  public TrainResult execute() throws IOException {
    return run.toTheEnd(() -> LatteTraining.open(settings, shards, context.hadoopConfiguration()));
  }
}
