package org.latte4j.spark.train;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.model.card.ModelCardFile;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LatteWeights;
import org.latte4j.model.latte.PositionTables;
import org.latte4j.spark.averaging.TrainingState;
import org.latte4j.spark.checkpoint.Checkpoint;
import org.latte4j.spark.checkpoint.CheckpointState;
import org.latte4j.spark.checkpoint.CheckpointState.RoundLoss;
import org.latte4j.spark.checkpoint.CheckpointWriter;
import org.latte4j.spark.checkpoint.FixedTable;

/** Writes the checkpoints of a run: what there is to say about it beside its state. */
final class RunCheckpoints {
  private static final int LOSSES_IN_CHECKPOINT = 1000;

  private final RunDescription run;
  private final RunIdentity identity;
  private final Map<String, String> versions;
  private final CheckpointWriter writer;

  RunCheckpoints(JavaSparkContext context, RunDescription run, RunIdentity identity) {
    this.run = run;
    this.identity = identity;
    this.versions = Versions.all(context);
    this.writer =
        new CheckpointWriter(
            context,
            run.output(),
            tables(run.model().network()),
            Map.of(ModelCardFile.NAME, ModelCardFile.toJson(run.model())));
  }

  /**
   * Writes a checkpoint.
   *
   * @param losses of all rounds known
   */
  Checkpoint write(TrainingState state, List<RoundLoss> losses) throws IOException {
    TrainSettings train = run.settings();
    return writer.write(
        state,
        new CheckpointState(
            state.rounds(),
            state.rounds() * train.localSteps(),
            train.seed(),
            train.workers(),
            identity.settings(),
            identity.manifestFingerprint(),
            versions,
            losses.subList(Math.max(0, losses.size() - LOSSES_IN_CHECKPOINT), losses.size())));
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
