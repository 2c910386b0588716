package org.latte4j.spark.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.latte4j.spark.history.RunHistory;

/**
 * The report of a training run, made from its history: one HTML file, {@code report.html} in the
 * run's folder, with nothing outside of it. It can be made at any time, of a run that goes on, was
 * stopped or killed.
 */
public final class RunReport {
  /** Its name in the run's folder. */
  public static final String NAME = "report.html";

  private RunReport() {}

  /**
   * Writes the report, in the place of one that may be there.
   *
   * @return its path
   */
  public static Path write(Path run, Configuration hadoop) throws IOException {
    FileSystem fileSystem = run.getFileSystem(hadoop);
    String page = html(run, RunHistory.open(run, hadoop), hadoop);
    Path unfinished = new Path(run, "_" + NAME + ".unfinished");
    try (OutputStream out = fileSystem.create(unfinished, true)) {
      out.write(page.getBytes(StandardCharsets.UTF_8));
    }
    Path target = new Path(run, NAME);
    fileSystem.delete(target, false);
    if (!fileSystem.rename(unfinished, target)) {
      throw new IOException("cannot rename " + unfinished + " to " + target);
    }
    return target;
  }

  private static String html(Path run, RunHistory history, Configuration hadoop)
      throws IOException {
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Training run %s</title>
        <style>
        %s</style>
        </head>
        <body>
        %s%s%s%s</body>
        </html>
        """
        .formatted(
            Html.escape(run.getName()),
            style(),
            new RunFacts(history).summary(run),
            new RunCharts(history).html(),
            new SheetGallery(hadoop).html(history),
            new RunFacts(history).provenance());
  }

  private static String style() throws IOException {
    try (InputStream in = RunReport.class.getResourceAsStream("report.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
