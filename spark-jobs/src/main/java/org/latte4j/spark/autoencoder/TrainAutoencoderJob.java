package org.latte4j.spark.autoencoder;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.clip.RunPosition;
import org.latte4j.data.frames.FrameCatalog;
import org.latte4j.data.frames.FrameManifest;
import org.latte4j.model.autoencoder.AutoencoderTrainer;
import org.latte4j.model.autoencoder.KlParameterLayout;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.spark.averaging.AveragingRounds;
import org.latte4j.spark.averaging.InitialState;
import org.latte4j.spark.averaging.ParameterTensor;
import org.latte4j.spark.averaging.SlicePlan;
import org.latte4j.spark.averaging.StateLostException;
import org.latte4j.spark.checkpoint.Checkpoint;
import org.latte4j.spark.encode.EncodeSettings;
import org.latte4j.spark.preflight.Preflight;
import org.latte4j.spark.preflight.ReplicaMemory;
import org.latte4j.spark.train.ChangePolicy;
import org.latte4j.spark.train.RunIdentity;
import org.latte4j.spark.train.SettingsHistory;
import org.latte4j.spark.train.TrainSettings;
import org.latte4j.spark.watchdog.Watchdog;
import org.latte4j.spark.watchdog.WatchdogSettings;

/**
 * Trains an AutoencoderKL on the frames of videos by parameter averaging: extracts the frames once,
 * runs the rounds with checkpoints, then measures the latents' scale and the loss on held-out
 * videos, and writes diffusers' folder.
 *
 * <p>The result follows from the settings and the videos alone, whatever the number of executors.
 * Killed and started again, it goes on where it stopped. For one use, by one thread.
 */
public final class TrainAutoencoderJob {
  /** Name of diffusers' folder in the run's. */
  public static final String AUTOENCODER = "autoencoder";

  private static final String FRAMES = "frames";

  /** Who loses the state more often is to look after the cluster first. */
  private static final int LARGEST_NUMBER_OF_LOSSES = 100;

  private final JavaSparkContext context;
  private final Configuration hadoop;
  private final Settings settings;
  private final EncodeSettings encode;
  private final AutoencoderSettings autoencoder;
  private final TrainSettings train;
  private final WatchdogSettings watchdog;
  private final int roundsToRecoveryPoint;
  private final Path input;
  private final Path output;
  private final List<AutoencoderListener> listeners = new ArrayList<>();
  private ChangePolicy changes = ChangePolicy.REFUSE;

  /**
   * A job.
   *
   * @param settings {@code source.*}, {@code encode.*} (what concerns decoding), {@code
   *     autoencoder.*} and {@code train.*} are read
   * @param input folder of videos on any Hadoop file system
   * @param output folder of the run
   */
  public TrainAutoencoderJob(JavaSparkContext context, Settings settings, Path input, Path output) {
    this.context = context;
    this.hadoop = context.hadoopConfiguration();
    this.settings = settings;
    this.encode = EncodeSettings.from(settings);
    this.autoencoder = AutoencoderSettings.from(settings, encode.recipe().transform().size());
    this.train = TrainSettings.from(settings);
    this.watchdog = WatchdogSettings.from(settings);
    this.roundsToRecoveryPoint =
        settings.integer("train.recovery.every-rounds", 1, Integer.MAX_VALUE);
    this.input = input;
    this.output = output;
  }

  /** Tells one more listener; listeners are called in the order of these calls. */
  public TrainAutoencoderJob listener(AutoencoderListener listener) {
    listeners.add(Objects.requireNonNull(listener));
    return this;
  }

  /** What becomes of a run that is to go on with other settings; refused unless set. */
  public TrainAutoencoderJob changes(ChangePolicy policy) {
    this.changes = Objects.requireNonNull(policy);
    return this;
  }

  /**
   * Runs what is missing: frames, rounds after the newest whole checkpoint, and the export.
   *
   * @throws SettingsException if the output folder holds a run with other settings or videos
   * @throws IOException if videos or frames cannot be read, or results not be written
   * @throws org.latte4j.spark.EnvironmentException if the executors lack memory or a backend
   * @throws org.latte4j.spark.train.TrainingDivergedException if a loss or a gradient is not a
   *     finite number
   */
  public AutoencoderResult execute() throws IOException {
    Path folder = new Path(output, FRAMES);
    FrameManifest frames =
        new FrameExtraction(context, encode, autoencoder.every(), folder).execute(input);
    for (AutoencoderListener listener : listeners) {
      listener.framesReady(frames);
    }
    FrameSource source =
        new FrameSource(
            folder.getFileSystem(hadoop).makeQualified(folder).toString(),
            frames.fingerprint(),
            autoencoder,
            new SerializableConfiguration(hadoop));
    int losses = 0;
    while (true) {
      try {
        return export(trained(frames, source), frames, source);
      } catch (StateLostException e) {
        losses++;
        if (losses > LARGEST_NUMBER_OF_LOSSES) {
          throw e;
        }
        tellStandstill(
            "the state was lost with its executors (%d of at most %d times); going back to the newest checkpoint"
                .formatted(losses, LARGEST_NUMBER_OF_LOSSES));
      }
    }
  }

  /** A trained run, as far as this call had to train it. */
  private record Trained(AutoencoderRunDescription run, AutoencoderRun.Outcome outcome) {}

  private Trained trained(FrameManifest frames, FrameSource source) throws IOException {
    SlicePlan slices = SlicePlan.forWorkers(tensors(), train.workers());
    RunIdentity identity = RunIdentity.of(settings, frames.fingerprint(), "autoencoder", "train");
    Optional<Checkpoint> newest = Checkpoint.newestWhole(output, hadoop);
    SettingsHistory history = new SettingsHistory(RunPosition.START, List.of());
    long finished = 0;
    if (newest.isPresent()) {
      history = identity.goingOnFrom(newest.get(), changes);
      finished = newest.get().state().round();
    }
    FrameCatalog training = source.training(frames);
    if (training.size() == 0) {
      throw settings.invalid(
          "autoencoder.held-out-split",
          "another split: every video is in it, and none is left to train on");
    }
    AutoencoderRunDescription run =
        new AutoencoderRunDescription(
            output,
            train,
            autoencoder,
            slices.length(),
            training.size(),
            training.videos(),
            source.heldOut(frames).size(),
            history,
            finished);
    if (newest.isPresent() && finished >= train.rounds()) {
      return new Trained(run, new AutoencoderRun.Outcome(newest.get(), 0, 0));
    }
    if (newest.isPresent()) {
      newest.get().verify(context);
    }
    for (AutoencoderListener listener : listeners) {
      listener.begins(run);
    }
    try (Watchdog watching = Watchdog.start(context, watchdog, this::tellStandstill)) {
      return new Trained(run, watching.watch(() -> train(run, identity, slices, source, newest)));
    }
  }

  private AutoencoderRun.Outcome train(
      AutoencoderRunDescription run,
      RunIdentity identity,
      SlicePlan slices,
      FrameSource source,
      Optional<Checkpoint> newest)
      throws IOException {
    long activations =
        AutoencoderTrainer.activationBytes(autoencoder.network(), autoencoder.crop());
    new Preflight(context, settings)
        .check(ReplicaMemory.of(run.parameters(), activations), train.workers());
    InitialState initial =
        newest.isPresent()
            ? newest
                .get()
                .initialState(slices, train.vectors(), train.ownVectors(), train.workers())
            : new AutoencoderInitialState(autoencoder.network(), train.seed());
    AutoencoderLocalSteps steps = new AutoencoderLocalSteps(train, autoencoder, source, run.plan());
    try (AveragingRounds<AutoencoderReplica> rounds =
        AveragingRounds.of(context, steps, slices, initial)
            .workers(train.workers())
            .vectors(train.vectors())
            .ownVectors(train.ownVectors())
            .emaDecay(train.emaDecay())
            .afterRounds(run.finishedRounds())
            .recoveryPointEvery(roundsToRecoveryPoint)
            .start()) {
      return new AutoencoderRun(context, run, identity, rounds, newest, listeners).toTheEnd();
    }
  }

  private AutoencoderResult export(Trained trained, FrameManifest frames, FrameSource source)
      throws IOException {
    Checkpoint checkpoint = trained.outcome().checkpoint();
    TrainedWeights weights =
        new TrainedWeights(
            checkpoint.path().toString(),
            autoencoder.weights(),
            autoencoder.network(),
            new SerializableConfiguration(hadoop));
    Assessment assessment = new Assessment(context, weights, source, frames);
    double scalingFactor = assessment.scalingFactor();
    List<ReconstructionQuality> heldOut = assessment.heldOut();
    Path folder = new Path(output, AUTOENCODER);
    try (WeightSource values = weights.open()) {
      new AutoencoderFolder(folder, hadoop)
          .write(
              autoencoder.network().scaledBy(scalingFactor),
              values,
              autoencoder.precision(),
              autoencoder.crop());
    }
    return new AutoencoderResult(
        folder.toString(),
        checkpoint.path().toString(),
        trained.run().parameters(),
        trained.run().trainingFrames(),
        checkpoint.state().round() - trained.run().finishedRounds(),
        trained.outcome().samples(),
        trained.outcome().seconds(),
        checkpoint.state().losses(),
        scalingFactor,
        heldOut);
  }

  private void tellStandstill(String report) {
    listeners.forEach(listener -> listener.standsStill(report));
  }

  private List<ParameterTensor> tensors() {
    return new KlParameterLayout(autoencoder.network())
        .parameters().stream()
            .map(parameter -> new ParameterTensor(parameter.name(), parameter.shape()))
            .toList();
  }
}
