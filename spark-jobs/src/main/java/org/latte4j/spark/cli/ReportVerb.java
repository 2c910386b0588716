package org.latte4j.spark.cli;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.latte4j.spark.checkpoint.CheckpointException;
import org.latte4j.spark.history.RunHistory;
import org.latte4j.spark.observe.RunSummary;
import org.latte4j.spark.report.RunReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code report}: the report of a run that goes on or was killed. */
@Command(
    name = "report",
    description = "Make the HTML report of a training run, from what it has noted so far.")
final class ReportVerb extends Verb {
  @Parameters(paramLabel = "RUN", description = "The output folder of train or train-autoencoder.")
  private String run;

  @Override
  protected Object run(Invocation invocation) throws IOException {
    Configuration hadoop = SparkApplication.hadoop(invocation.settings());
    Path folder = new Path(run);
    if (RunHistory.open(folder, hadoop).entries().isEmpty()) {
      throw new CheckpointException(
          run
              + " holds no history of a training run (metrics/*.jsonl); is it the output of train?");
    }
    invocation.out().println("report: " + RunReport.write(folder, hadoop));
    return RunSummary.of(folder, hadoop);
  }
}
