package org.latte4j.spark.checkpoint;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * What {@code state.json} says: how far training has come, and all that is needed to go on or to do
 * it again.
 *
 * @param round rounds finished
 * @param step optimiser steps that each worker has taken: rounds times steps a round
 * @param seed the run's seed
 * @param workers N, logical workers
 * @param configuration every resolved setting of the run
 * @param manifestFingerprint of the shards that were trained on
 * @param versions of Latte4J, Spark, Java and what else makes a difference
 * @param losses mean losses of the last rounds, oldest first
 */
@JsonPropertyOrder({
  "round",
  "step",
  "seed",
  "workers",
  "configuration",
  "manifest-fingerprint",
  "versions",
  "losses"
})
public record CheckpointState(
    long round,
    long step,
    long seed,
    int workers,
    JsonNode configuration,
    String manifestFingerprint,
    Map<String, String> versions,
    List<RoundLoss> losses) {
  /** Copies the collections. */
  public CheckpointState {
    versions = java.util.Collections.unmodifiableSortedMap(new java.util.TreeMap<>(versions));
    losses = List.copyOf(losses);
  }

  /**
   * Mean loss of one round.
   *
   * @param round from 0
   * @param loss mean over all steps of all workers
   */
  public record RoundLoss(long round, double loss) {}
}
