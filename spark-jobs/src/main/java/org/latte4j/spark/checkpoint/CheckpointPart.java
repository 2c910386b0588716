package org.latte4j.spark.checkpoint;

import java.util.List;
import java.util.Set;
import org.latte4j.model.weights.Part;
import org.latte4j.spark.averaging.StateVector;

/** The sets of weight files in a checkpoint. */
public enum CheckpointPart {
  /** The averaged parameters. */
  MODEL("model", StateVector.PARAMETERS),
  /** Their exponential moving average. */
  EMA("ema", StateVector.EMA),
  /** The updater's averaged state. */
  OPTIMIZER("optimizer", StateVector.FIRST_MOMENT, StateVector.SECOND_MOMENT);

  private final String prefix;
  private final List<StateVector> vectors;

  CheckpointPart(String prefix, StateVector... vectors) {
    this.prefix = prefix;
    this.vectors = List.of(vectors);
  }

  /** The set of files that holds a part of a model. */
  public static CheckpointPart of(Part part) {
    return switch (part) {
      case MODEL -> MODEL;
      case EMA -> EMA;
    };
  }

  /** The part that a vector is written to. */
  static CheckpointPart of(StateVector vector) {
    for (CheckpointPart part : values()) {
      if (part.vectors.contains(vector)) {
        return part;
      }
    }
    throw new IllegalArgumentException("no part of a checkpoint holds " + vector);
  }

  /** The name under which a tensor of a vector is stored. */
  static String storedName(StateVector vector, String tensor) {
    return switch (vector) {
      case PARAMETERS, EMA -> tensor;
      case FIRST_MOMENT -> "exp_avg." + tensor;
      case SECOND_MOMENT -> "exp_avg_sq." + tensor;
    };
  }

  /** Those of its vectors that a state has, in the order in which files hold them. */
  List<StateVector> vectorsIn(Set<StateVector> state) {
    return vectors.stream().filter(state::contains).toList();
  }

  /** Whether the fixed tables belong into its files, so that the reference can load them. */
  boolean holdsFixedTables() {
    return this != OPTIMIZER;
  }

  /** Name of the index file. */
  String index() {
    return prefix + ".safetensors.index.json";
  }

  /** Name of the index file of the moments that one worker keeps; workers count from 0. */
  static String ownIndex(int worker) {
    return ownPrefix(worker) + ".safetensors.index.json";
  }

  /** Name of the file of one slice of the moments that one worker keeps. */
  static String ownFile(int worker, int slice, int slices) {
    return "%s-%05d-of-%05d.safetensors".formatted(ownPrefix(worker), slice + 1, slices);
  }

  private static String ownPrefix(int worker) {
    return "%s-worker-%05d".formatted(OPTIMIZER.prefix, worker);
  }

  /** Name of the file of one slice; slices count from 0, files from 1. */
  String file(int slice, int slices) {
    return "%s-%05d-of-%05d.safetensors".formatted(prefix, slice + 1, slices);
  }
}
