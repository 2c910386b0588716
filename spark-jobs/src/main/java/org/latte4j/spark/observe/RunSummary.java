package org.latte4j.spark.observe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.latte4j.spark.history.HistoryEntry.Round;
import org.latte4j.spark.history.HistoryEntry.Samples;
import org.latte4j.spark.history.HistoryEntry.Validation;
import org.latte4j.spark.history.HistoryEntry.Warning;
import org.latte4j.spark.history.RunHistory;
import org.latte4j.spark.report.RunReport;

/**
 * Where a run's series stand and where they lie, for programs.
 *
 * @param round the last one; empty if none was finished
 * @param validation the last one of each set of weights
 * @param samples the last contact sheet; empty if there is none
 * @param report path of the HTML report
 * @param tensorboard folder of the event files
 * @param metrics folder of the history
 * @param warnings what training went on without
 */
public record RunSummary(
    List<Round> round,
    List<Validation> validation,
    List<Samples> samples,
    String report,
    String tensorboard,
    String metrics,
    List<String> warnings) {

  /** Reads a run's history. */
  public static RunSummary of(Path run, Configuration hadoop) throws IOException {
    RunHistory history = RunHistory.open(run, hadoop);
    Map<String, Validation> validation = new LinkedHashMap<>();
    history.all(Validation.class).forEach(entry -> validation.put(entry.weights(), entry));
    return new RunSummary(
        history.last(Round.class).stream().toList(),
        new ArrayList<>(validation.values()),
        history.last(Samples.class).stream().toList(),
        new Path(run, RunReport.NAME).toString(),
        TensorBoardLog.folder(run).toString(),
        history.folder().toString(),
        history.all(Warning.class).stream().map(Warning::message).toList());
  }
}
