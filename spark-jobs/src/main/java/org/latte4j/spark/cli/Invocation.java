package org.latte4j.spark.cli;

import java.io.PrintWriter;
import org.latte4j.model.settings.Settings;

/**
 * What a verb works with.
 *
 * @param settings defaults, files and overrides merged
 * @param out where results go
 * @param err where progress and warnings go
 */
record Invocation(Settings settings, PrintWriter out, PrintWriter err) {
  /**
   * A line of progress on {@link #err}.
   *
   * @param what the work, as in "train"
   * @param unit what is counted, in the plural, as in "rounds"
   * @param total how many there are
   */
  ProgressLine progress(String what, String unit, long total) {
    return ProgressLine.start(err, what, unit, total);
  }
}
