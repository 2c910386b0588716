package org.latte4j.spark.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.clip.ClipCatalog;
import org.latte4j.data.clip.ClipWindow;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.card.ModelCardFile;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LatteWeights;
import org.latte4j.model.latte.ParameterLayout;
import org.latte4j.model.latte.PositionTables;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.averaging.AveragingRounds;
import org.latte4j.spark.averaging.InitialState;
import org.latte4j.spark.averaging.ParameterTensor;
import org.latte4j.spark.averaging.RoundMetrics;
import org.latte4j.spark.averaging.SlicePlan;
import org.latte4j.spark.averaging.TrainingState;
import org.latte4j.spark.checkpoint.Checkpoint;
import org.latte4j.spark.checkpoint.CheckpointState;
import org.latte4j.spark.checkpoint.CheckpointState.RoundLoss;
import org.latte4j.spark.checkpoint.CheckpointWriter;
import org.latte4j.spark.checkpoint.FixedTable;

/**
 * Trains Latte on latent shards by parameter averaging, and writes checkpoints.
 *
 * <p>The result follows from the settings and the manifest alone, whatever the number of executors.
 * For one use, by one thread.
 */
public final class TrainJob {
  private static final int LOSSES_IN_CHECKPOINT = 1000;

  private final JavaSparkContext context;
  private final Configuration hadoop;
  private final Settings settings;
  private final TrainSettings train;
  private final Path shardsFolder;
  private final Path output;
  private TrainListener listener = TrainListener.SILENT;
  private RunIdentity identity;

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
    this.shardsFolder = shards;
    this.output = output;
  }

  /** Tells a listener of every round. */
  public TrainJob listener(TrainListener listener) {
    this.listener = Objects.requireNonNull(listener);
    return this;
  }

  /**
   * Runs all rounds, or those that are missing after the newest whole checkpoint of the output
   * folder. A finished run is left as it is.
   *
   * @throws SettingsException if the output folder holds a run with other settings
   * @throws IOException if shards or weights cannot be read or a checkpoint not be written
   * @throws TrainingDivergedException if a loss or a gradient is not a finite number
   */
  public TrainResult execute() throws IOException {
    LatentShards shards = LatentShards.open(shardsFolder, hadoop);
    shards.verifyLengths();
    identity = RunIdentity.of(settings, shards.manifest().fingerprint());
    ModelCard card = ManifestModel.card(settings, shards.manifest());
    LatteConfiguration sizes = card.network();
    ClipCatalog catalog =
        ClipCatalog.of(
            shards.manifest(), new ClipWindow(sizes.latent().frames(), train.frameInterval()));
    SlicePlan plan = SlicePlan.forWorkers(tensors(sizes), train.workers());
    LatteLocalSteps steps =
        new LatteLocalSteps(train, sizes, shards, catalog, new SerializableConfiguration(hadoop));
    CheckpointWriter writer =
        new CheckpointWriter(
            context, output, tables(sizes), Map.of(ModelCardFile.NAME, ModelCardFile.toJson(card)));
    long samplesPerRound = (long) train.workers() * train.localSteps() * train.batchSize();
    Optional<Checkpoint> newest = Checkpoint.newestWhole(output, hadoop);
    long finished = 0;
    if (newest.isPresent()) {
      identity.requireSame(newest.get());
      finished = newest.get().state().round();
      if (finished >= train.rounds()) {
        return TrainResult.finishedBefore(newest.get(), plan.length());
      }
    }
    listener.begins(plan.length(), catalog.size(), samplesPerRound, finished);
    InitialState initial =
        newest.isPresent()
            ? newest.get().initialState(plan, AveragingRounds.ADAM)
            : initialState(sizes);
    try (AveragingRounds<LatteReplica> rounds =
        AveragingRounds.of(context, steps, plan, initial)
            .workers(train.workers())
            .emaDecay(train.emaDecay())
            .afterRounds(finished)
            .start()) {
      return run(
          rounds, writer, newest.map(checkpoint -> checkpoint.state().losses()).orElse(List.of()));
    }
  }

  private InitialState initialState(LatteConfiguration sizes) throws IOException {
    if (train.startFrom().isEmpty()) {
      return new LatteInitialState(sizes, train.seed());
    }
    StartingWeights weights =
        new StartingWeights(sizes, train.startFrom(), new SerializableConfiguration(hadoop));
    weights.check();
    return weights;
  }

  private TrainResult run(
      AveragingRounds<LatteReplica> rounds, CheckpointWriter writer, List<RoundLoss> before)
      throws IOException {
    List<RoundLoss> losses = new ArrayList<>(before);
    long samples = 0;
    double seconds = 0;
    Checkpoint last = null;
    while (rounds.state().rounds() < train.rounds()) {
      RoundMetrics metrics = rounds.advance();
      TrainingDivergedException.check(metrics);
      losses.add(new RoundLoss(metrics.round(), metrics.loss()));
      samples += metrics.samples();
      seconds += metrics.seconds();
      listener.roundDone(metrics, train.rounds());
      long done = rounds.state().rounds();
      if (done % train.checkpointEveryRounds() == 0 || done == train.rounds()) {
        last = checkpoint(rounds, writer, losses);
      }
    }
    return new TrainResult(
        Objects.requireNonNull(last).path().toString(),
        rounds.state().plan().length(),
        losses.size() - before.size(),
        samples,
        seconds,
        losses);
  }

  private Checkpoint checkpoint(
      AveragingRounds<LatteReplica> rounds, CheckpointWriter writer, List<RoundLoss> losses)
      throws IOException {
    TrainingState state = rounds.state();
    Checkpoint checkpoint =
        writer.write(
            state,
            new CheckpointState(
                state.rounds(),
                state.rounds() * train.localSteps(),
                train.seed(),
                train.workers(),
                identity.settings(),
                identity.manifestFingerprint(),
                Versions.all(context),
                losses.subList(Math.max(0, losses.size() - LOSSES_IN_CHECKPOINT), losses.size())));
    rounds.restartFrom(checkpoint.initialState(state.plan(), state.gathered()));
    listener.checkpointWritten(checkpoint.path());
    return checkpoint;
  }

  private static List<ParameterTensor> tensors(LatteConfiguration sizes) {
    return new ParameterLayout(sizes)
        .parameters().stream()
            .map(parameter -> new ParameterTensor(parameter.name(), parameter.shape()))
            .toList();
  }

  private static List<FixedTable> tables(LatteConfiguration sizes) {
    PositionTables tables = PositionTables.of(sizes);
    int d = sizes.hiddenSize();
    return List.of(
        new FixedTable(
            LatteWeights.SPATIAL_POSITIONS, List.of(1, sizes.tokens(), d), tables.spatial()),
        new FixedTable(
            LatteWeights.TEMPORAL_POSITIONS,
            List.of(1, sizes.latent().frames(), d),
            tables.temporal()));
  }
}
