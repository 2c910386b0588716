package org.latte4j.spark.checkpoint;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.latte4j.data.clip.RunPosition;

/**
 * What {@code state.json} says: how far training has come, and all that is needed to go on or to do
 * it again.
 *
 * @param number of this checkpoint among those of the run, from 1
 * @param round rounds finished
 * @param step optimiser steps that each worker has taken
 * @param samples that all workers together have been given: where the data order goes on
 * @param epoch times that every video has come, with fractions
 * @param skippedSteps steps of all workers that changed nothing, because their loss or gradient was
 *     not finite
 * @param seed the run's seed
 * @param workers N, logical workers
 * @param since where the present settings came into force; the start, unless any was changed
 * @param changes settings that were changed in the middle of the run, oldest first
 * @param configuration every resolved setting of the run; values of secrets are masked
 * @param manifestFingerprint of the shards that were trained on
 * @param versions of Latte4J, Spark, Java and what else makes a difference
 * @param losses mean losses of the last rounds, oldest first
 */
@JsonPropertyOrder({
  "number",
  "round",
  "step",
  "samples",
  "epoch",
  "skipped-steps",
  "seed",
  "workers",
  "since",
  "changes",
  "configuration",
  "manifest-fingerprint",
  "versions",
  "losses"
})
public record CheckpointState(
    int number,
    long round,
    long step,
    long samples,
    double epoch,
    long skippedSteps,
    long seed,
    int workers,
    RunPosition since,
    List<SettingChange> changes,
    JsonNode configuration,
    String manifestFingerprint,
    Map<String, String> versions,
    List<RoundLoss> losses) {
  /** Copies the collections. */
  public CheckpointState {
    changes = List.copyOf(changes);
    versions = java.util.Collections.unmodifiableSortedMap(new java.util.TreeMap<>(versions));
    losses = List.copyOf(losses);
  }

  /** How far the run has come. */
  public RunPosition position() {
    return new RunPosition(round, step, samples);
  }

  /**
   * Mean loss of one round.
   *
   * @param round from 0
   * @param loss mean over the finite steps of all workers
   */
  public record RoundLoss(long round, double loss) {}
}
