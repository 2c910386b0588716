package org.latte4j.spark.train;

import java.util.List;
import java.util.Map;
import org.latte4j.spark.averaging.InitialState;
import org.latte4j.spark.averaging.LocalSteps;
import org.latte4j.spark.averaging.Replica;
import org.latte4j.spark.checkpoint.FixedTable;
import org.latte4j.spark.preflight.ReplicaMemory;

/**
 * What a run needs for its rounds.
 *
 * @param <R> how such a run describes itself
 * @param <P> a worker's network
 * @param description for those that watch
 * @param memory of one worker's network
 * @param steps that a worker takes in a round
 * @param fresh the state that a new run begins with
 * @param tables that checkpoints hold beside what is trained
 * @param documents that checkpoints hold, by file name
 * @param warnings what is wrong and does not keep the run from beginning
 */
public record RunSetup<R extends RunDescription, P extends Replica>(
    R description,
    ReplicaMemory memory,
    LocalSteps<P> steps,
    InitialState fresh,
    List<FixedTable> tables,
    Map<String, String> documents,
    List<String> warnings) {
  /** Copies the collections. */
  public RunSetup {
    tables = List.copyOf(tables);
    documents = Map.copyOf(documents);
    warnings = List.copyOf(warnings);
  }
}
