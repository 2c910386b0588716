package org.latte4j.spark.encode;

/**
 * Follows an encode job. Called on the driver, by one thread at a time, when a file is finished.
 */
@FunctionalInterface
public interface EncodeProgress {
  /** Follows nothing. */
  EncodeProgress NONE = (videos, total, frames, rejected) -> {};

  /**
   * A file is finished.
   *
   * @param videos done so far, encoded or rejected
   * @param total videos of the job
   * @param frames decoded so far
   * @param rejected videos so far
   */
  void fileFinished(int videos, int total, long frames, int rejected);
}
