package org.latte4j.spark.cli;

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
  public void stageBegins(String description, String verb, String units, long total) {
    stage++;
    invocation.err().println("[" + stage + "/" + STAGES + "] " + description);
    invocation.err().flush();
    line = invocation.progress(verb, units, total);
  }

  @Override
  public void advances(long done, long total, String note) {
    line.total(total);
    line.advance(done, note);
  }
}
