package org.latte4j.spark.averaging;

import org.apache.spark.api.java.JavaSparkContext;

/** What Spark keeps of past rounds, to recompute what is lost with an executor. */
public enum Lineage {
  /**
   * Keep every round since the state was last read from a checkpoint. An executor that dies costs
   * the rounds since then at worst, recomputed by the others to the same bits. Spark keeps the
   * shuffle files of those rounds: workers x gathered vectors x 4 bytes a parameter for each.
   */
  UNTIL_CHECKPOINT,

  /**
   * Keep nothing of a finished round but its result; its shuffle files are removed. An executor
   * that dies takes its slices with it, which ends the job: it then goes on from its last
   * checkpoint. A storage level with two replicas survives the loss of one executor.
   */
  NONE;

  /**
   * What suits a master: in {@code local[n]} the driver and the only executor live and die
   * together, so that keeping rounds gains nothing.
   */
  public static Lineage suiting(JavaSparkContext context) {
    return context.isLocal() ? NONE : UNTIL_CHECKPOINT;
  }
}
