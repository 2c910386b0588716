package org.latte4j.spark.averaging;

import org.apache.spark.api.java.JavaSparkContext;

/** What Spark keeps of past rounds, to recompute what is lost with an executor. */
public enum Lineage {
  /**
   * Remember how every round since the last recovery point was computed, and keep the shuffle files
   * of the last one: workers x gathered vectors x 4 bytes a parameter. A recovery point is a state
   * as it was read from a checkpoint, or one that lies on two executors ({@link
   * AveragingRounds.Builder#recoveryPointEvery}). An executor that dies takes its slices with it,
   * which cannot be averaged again without its workers' blocks: the others go through the rounds
   * since the recovery point again, to the same bits. (Older rounds' files would not spare that
   * time: every round waits for the blocks that died with the executor.)
   */
  RECENT_ROUNDS,

  /**
   * Keep nothing of a finished round but its result; its shuffle files are removed. An executor
   * that dies takes its slices with it ({@link StateLostException}). A storage level with two
   * replicas survives the loss of one executor.
   */
  NONE;

  /**
   * What suits a master: in {@code local[n]} the driver and the only executor live and die
   * together, so that keeping rounds gains nothing.
   */
  public static Lineage suiting(JavaSparkContext context) {
    return context.isLocal() ? NONE : RECENT_ROUNDS;
  }
}
