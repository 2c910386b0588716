package org.latte4j.spark.demo;

import org.latte4j.spark.averaging.RoundMetrics;

/** Is told how the demo goes on; called by the calling thread. */
public interface DemoListener {
  /** A stage begins; {@code what} says so to people. */
  void stage(String what);

  /** Videos that have been encoded so far. */
  void encoded(int videos, int total);

  /** An averaging round is done. */
  void trained(RoundMetrics metrics, long rounds);

  /** Videos that have been generated so far. */
  void sampled(long videos, long total);
}
