package org.latte4j.spark.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.spark.checkpoint.Checkpoint;
import org.latte4j.spark.checkpoint.CheckpointPart;
import org.latte4j.spark.checkpoint.CheckpointState;
import org.latte4j.spark.checkpoint.SettingChange;

/**
 * What a checkpoint holds.
 *
 * @param folder where it is
 * @param round rounds finished
 * @param step optimiser steps of each worker
 * @param epoch times that every video has come
 * @param skippedSteps steps that changed nothing, since they were not finite
 * @param changes of settings in the middle of the run
 * @param seed of the run
 * @param workers logical workers
 * @param files files but the success marker
 * @param bytes of all of them
 * @param parts sets of weights that it holds
 * @param tensors arrays of the model
 * @param values numbers in them, fixed tables included
 * @param losses mean losses of the last rounds
 * @param manifestFingerprint of the shards that were trained on
 * @param versions of what made it
 * @param configuration every setting of the run
 */
public record CheckpointSummary(
    String folder,
    long round,
    long step,
    double epoch,
    long skippedSteps,
    List<SettingChange> changes,
    long seed,
    int workers,
    int files,
    long bytes,
    List<String> parts,
    int tensors,
    long values,
    List<CheckpointState.RoundLoss> losses,
    String manifestFingerprint,
    Map<String, String> versions,
    JsonNode configuration) {

  /** Reads the state and the headers of the weight files. */
  public static CheckpointSummary of(Checkpoint checkpoint) throws IOException {
    CheckpointState state = checkpoint.state();
    List<String> parts = new ArrayList<>();
    for (CheckpointPart part : CheckpointPart.values()) {
      if (checkpoint.has(part)) {
        parts.add(part.name().toLowerCase(java.util.Locale.ROOT));
      }
    }
    TensorCount held;
    try (WeightSource model = checkpoint.weights(CheckpointPart.MODEL)) {
      held = TensorCount.of(model);
    }
    return new CheckpointSummary(
        checkpoint.path().toString(),
        state.round(),
        state.step(),
        state.epoch(),
        state.skippedSteps(),
        state.changes(),
        state.seed(),
        state.workers(),
        checkpoint.files().size(),
        checkpoint.bytes(),
        parts,
        held.tensors(),
        held.values(),
        state.losses(),
        state.manifestFingerprint(),
        state.versions(),
        state.configuration());
  }

  /** For people, one line a fact. */
  public List<String> lines() {
    Lines lines = new Lines();
    lines.add("checkpoint", folder);
    lines.add("training", "round %d, step %d of each of %d workers", round, step, workers);
    lines.add("epoch", "%.2f", epoch);
    if (skippedSteps > 0) {
      lines.add("skipped", "%d steps, whose loss or gradient was not finite", skippedSteps);
    }
    changes.forEach(change -> lines.add("changed", "%s", change));
    lines.add("seed", "%d", seed);
    lines.add("model", "%d tensors, %d values", tensors, values);
    lines.add("parts", "%s", parts);
    lines.add("files", "%d, %s", files, Lines.bytes(bytes));
    if (!losses.isEmpty()) {
      CheckpointState.RoundLoss last = losses.get(losses.size() - 1);
      lines.add("loss", "%.5f in round %d", last.loss(), last.round());
    }
    lines.add("trained on", "%s", manifestFingerprint);
    versions.forEach((name, version) -> lines.add("version", "%s %s", name, version));
    return lines.all();
  }
}
