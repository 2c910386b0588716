package org.latte4j.spark.cli;

import org.latte4j.spark.averaging.RoundMetrics;
import org.latte4j.spark.demo.DemoListener;

/** Shows which stage the demo is at and how far that is. */
final class DemoProgress implements DemoListener {
  private static final int STAGES = 3;

  private final Invocation invocation;
  private int stage;
  private ProgressLine line;

  DemoProgress(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public void stage(String what) {
    stage++;
    line = null;
    invocation.err().println("[" + stage + "/" + STAGES + "] " + what);
    invocation.err().flush();
  }

  @Override
  public void encoded(int videos, int total) {
    line("encode", "videos", total).advance(videos, "");
  }

  @Override
  public void trained(RoundMetrics metrics, long rounds) {
    line("train", "rounds", rounds).advance(metrics.round() + 1, TrainProgress.note(metrics));
  }

  @Override
  public void sampled(long videos, long total) {
    line("sample", "videos", total).advance(videos, "");
  }

  private ProgressLine line(String what, String unit, long total) {
    if (line == null) {
      line = invocation.progress(what, unit, total);
    }
    return line;
  }
}
