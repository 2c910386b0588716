package org.latte4j.spark.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.clip.ClipCatalog;
import org.latte4j.data.clip.ClipWindow;
import org.latte4j.data.clip.ImageCatalog;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.TextEncoding;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LattePlan;
import org.latte4j.model.latte.LatteSettings;
import org.latte4j.model.latte.ParameterLayout;
import org.latte4j.model.latte.TextConditioning;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.EnvironmentException;
import org.latte4j.spark.averaging.AveragingRounds;
import org.latte4j.spark.averaging.InitialState;
import org.latte4j.spark.averaging.ParameterTensor;
import org.latte4j.spark.averaging.SlicePlan;
import org.latte4j.spark.averaging.StateLostException;
import org.latte4j.spark.checkpoint.Checkpoint;
import org.latte4j.spark.preflight.Preflight;
import org.latte4j.spark.preflight.ReplicaMemory;
import org.latte4j.spark.watchdog.StalledException;
import org.latte4j.spark.watchdog.Watchdog;
import org.latte4j.spark.watchdog.WatchdogSettings;

/**
 * Trains Latte on latent shards by parameter averaging, and writes checkpoints.
 *
 * <p>The result follows from the settings and the manifest alone, whatever the number of executors.
 * For one use, by one thread.
 */
public final class TrainJob {
  /** Who loses the state more often is to look after the cluster first. */
  private static final int LARGEST_NUMBER_OF_LOSSES = 100;

  private final JavaSparkContext context;
  private final Configuration hadoop;
  private final Settings settings;
  private final TrainSettings train;
  private final WatchdogSettings watchdog;
  private final int roundsToRecoveryPoint;
  private final Path shardsFolder;
  private final Path output;
  private final List<TrainListener> listeners = new ArrayList<>();
  private ChangePolicy changes = ChangePolicy.REFUSE;

  /**
   * A job.
   *
   * @param settings {@code model.*} and {@code train.*} are read
   * @param shards folder that the encode job wrote
   * @param output folder of the run; checkpoints go below it
   */
  public TrainJob(JavaSparkContext context, Settings settings, Path shards, Path output) {
    this.context = context;
    this.hadoop = context.hadoopConfiguration();
    this.settings = settings;
    this.train = TrainSettings.from(settings);
    this.watchdog = WatchdogSettings.from(settings);
    this.roundsToRecoveryPoint =
        settings.integer("train.recovery.every-rounds", 1, Integer.MAX_VALUE);
    this.shardsFolder = shards;
    this.output = output;
  }

  /** Tells one more listener of every round; listeners are called in the order of these calls. */
  public TrainJob listener(TrainListener listener) {
    listeners.add(Objects.requireNonNull(listener));
    return this;
  }

  /** What becomes of a run that is to go on with other settings; refused unless set. */
  public TrainJob changes(ChangePolicy policy) {
    this.changes = Objects.requireNonNull(policy);
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
    int losses = 0;
    while (true) {
      try {
        return attempt();
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

  private TrainResult attempt() throws IOException {
    LatentShards shards = LatentShards.open(shardsFolder, hadoop);
    shards.verifyLengths();
    checkText(shards.manifest().text());
    ModelCard described = ManifestModel.card(settings, shards.manifest());
    SlicePlan slices = SlicePlan.forWorkers(tensors(described.network()), train.workers());
    checkImages(described.network());
    ImageSource images = ImageSource.of(train.images(), hadoop);
    RunIdentity identity =
        RunIdentity.of(settings, images.identity(shards.manifest().fingerprint()));
    Optional<Checkpoint> newest = Checkpoint.newestWhole(output, hadoop);
    SettingsHistory history = SettingsHistory.UNCHANGED;
    long finished = 0;
    if (newest.isPresent()) {
      history = identity.goingOnFrom(newest.get(), changes);
      finished = newest.get().state().round();
      if (finished >= train.rounds()) {
        return TrainResult.finishedBefore(newest.get(), slices.length(), train.globalBatch());
      }
      newest.get().verify(context);
    }
    RunStart start =
        newest.isPresent()
            ? RunStart.goingOn(described, newest.get(), hadoop)
            : RunStart.begin(described, settings, hadoop);
    ModelCard model = start.model();
    ClipWindow window = new ClipWindow(model.network().latent().frames(), train.frameInterval());
    ClipCatalog catalog = ClipCatalog.withoutHeldOut(shards.manifest(), window, train.heldOut());
    if (train.workers() > catalog.size()) {
      throw settings.invalid(
          "train.workers",
          "at most the number of videos to train on (%d): some would have nothing of their own to do"
              .formatted(catalog.size()));
    }
    Optional<ImageCatalog> imageCatalog = images.open(shards.manifest(), train.heldOut(), hadoop);
    RunDescription run =
        new RunDescription(
            output,
            train,
            model,
            slices.length(),
            shards,
            catalog,
            history,
            finished,
            start.report());
    for (TrainListener listener : listeners) {
      listener.begins(run);
    }
    warnOfUnknownVideos(imageCatalog);
    try (Watchdog watching = Watchdog.start(context, watchdog, this::tellStandstill)) {
      TrainResult result =
          watching.watch(() -> train(run, identity, start, images, slices, newest));
      for (TrainListener listener : listeners) {
        listener.finished(result);
      }
      return result;
    } catch (StateLostException e) {
      throw e;
    } catch (Exception e) { // Spark's come undeclared.
      tellFailure(e);
      throw e;
    }
  }

  /** The network's text is of the size of CLIP's, whatever the shards hold. */
  private void checkText(TextEncoding text) {
    boolean told = LatteSettings.architecture(settings).text() != TextConditioning.NONE;
    boolean fits =
        text.tokens() == TextConditioning.TOKENS && text.width() == TextConditioning.WIDTH;
    if (told && !fits) {
      throw settings.invalid(
          "model.text",
          "none for these shards: their text embeddings are %s, and clip needs %d x %d (source.text-embeddings)"
              .formatted(text, TextConditioning.TOKENS, TextConditioning.WIDTH));
    }
  }

  /** An image is one frame, which not every architecture takes. */
  private void checkImages(LatteConfiguration sizes) {
    try {
      sizes.checkImages(train.images().perClip());
    } catch (IllegalArgumentException e) {
      throw new SettingsException("train.images: " + e.getMessage(), e);
    }
  }

  /** Lists are made for whole data sets, and shards may hold a part: not an error. */
  private void warnOfUnknownVideos(Optional<ImageCatalog> catalog) throws IOException {
    Set<String> unknown = catalog.map(ImageCatalog::unknownVideos).orElse(Set.of());
    if (!unknown.isEmpty()) {
      for (TrainListener listener : listeners) {
        listener.warned(
            "%s (train.image-list) names %d videos that the shards lack, such as %s; images are drawn from the others"
                .formatted(train.images().list(), unknown.size(), unknown.iterator().next()));
      }
    }
  }

  private TrainResult train(
      RunDescription run,
      RunIdentity identity,
      RunStart start,
      ImageSource images,
      SlicePlan slices,
      Optional<Checkpoint> newest)
      throws IOException {
    LatteConfiguration sizes = run.model().network();
    LattePlan plan = new LattePlan(train.passSamples(), train.images().perClip(), train.purpose());
    new Preflight(context, settings).check(ReplicaMemory.training(sizes, plan), train.workers());
    LatteLocalSteps steps = new LatteLocalSteps(run, images, new SerializableConfiguration(hadoop));
    InitialState initial =
        newest.isPresent()
            ? newest
                .get()
                .initialState(slices, train.vectors(), train.ownVectors(), train.workers())
            : start.initialState(settings, train.seed(), hadoop);
    try (AveragingRounds<LatteReplica> rounds =
        AveragingRounds.of(context, steps, slices, initial)
            .workers(train.workers())
            .vectors(train.vectors())
            .ownVectors(train.ownVectors())
            .emaDecay(train.emaDecay())
            .afterRounds(run.finishedRounds())
            .recoveryPointEvery(roundsToRecoveryPoint)
            .start()) {
      RunCheckpoints checkpoints = new RunCheckpoints(context, run, identity);
      return new TrainRun(run, rounds, checkpoints, newest, listeners).toTheEnd();
    }
  }

  private void tellStandstill(String report) {
    listeners.forEach(listener -> listener.standsStill(report));
  }

  private void tellFailure(Exception cause) {
    for (TrainListener listener : listeners) {
      try {
        listener.failed(cause);
      } catch (IOException | RuntimeException e) {
        cause.addSuppressed(e);
      }
    }
  }

  private static List<ParameterTensor> tensors(LatteConfiguration sizes) {
    return new ParameterLayout(sizes)
        .parameters().stream()
            .map(parameter -> new ParameterTensor(parameter.name(), parameter.shape()))
            .toList();
  }
}
