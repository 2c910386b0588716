package org.latte4j.spark.observe;

import java.awt.image.BufferedImage;
import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.latte4j.spark.history.HistoryEntry;
import org.latte4j.spark.tensorboard.EventFiles;

/**
 * What TensorBoard shows of a run, over optimiser steps: the groups {@code train}, {@code speed},
 * {@code phase-seconds}, {@code validation-ema}, {@code validation-model}, the sheets and the
 * settings.
 */
final class TensorBoardLog implements Closeable {
  private final EventFiles files;

  private TensorBoardLog(EventFiles files) {
    this.files = files;
  }

  /** Begins a file in the folder {@code tensorboard} of a run. */
  static TensorBoardLog begin(Path run, Configuration hadoop, HistoryEntry.SessionBegan session)
      throws IOException {
    EventFiles files = EventFiles.in(folder(run), hadoop);
    long step = session.step();
    if (step > 0) {
      files.continueFrom(step + 1);
    }
    files.text(step, "run/settings", settings(session));
    return new TensorBoardLog(files);
  }

  static Path folder(Path run) {
    return new Path(run, "tensorboard");
  }

  private static String settings(HistoryEntry.SessionBegan session) {
    StringBuilder table = new StringBuilder("| setting | value |\n|---|---|\n");
    session
        .settings()
        .forEach(
            (key, value) ->
                table
                    .append("| ")
                    .append(key)
                    .append(" | ")
                    .append(value.replace("|", "\\|").replace("\n", " "))
                    .append(" |\n"));
    return table.toString();
  }

  void round(HistoryEntry.Round round) throws IOException {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("train/loss", round.loss());
    round.terms().forEach((term, loss) -> values.put("train/" + term, loss));
    values.put("train/gradient-norm", round.gradientNorm());
    values.put("train/learning-rate", round.learningRate());
    values.put("train/epoch", round.epoch());
    values.put("speed/samples-per-second", round.samplesPerSecond());
    values.put("speed/averaged-MB-per-second", round.averagedMegabytesPerSecond());
    values.put("speed/round-seconds", round.seconds());
    round.phases().forEach((phase, seconds) -> values.put("phase-seconds/" + phase, seconds));
    files.scalars(round.step(), values);
  }

  void validation(HistoryEntry.Validation losses) throws IOException {
    String group = "validation-" + losses.weights() + "/";
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(group + "loss", losses.loss());
    losses
        .bands()
        .forEach(
            band ->
                values.put(
                    "%sloss-t%03d-%03d".formatted(group, band.fromTimestep(), band.toTimestep()),
                    band.loss()));
    files.scalars(losses.step(), values);
  }

  void samples(HistoryEntry.Samples entry, BufferedImage sheet) throws IOException {
    files.image(entry.step(), "samples", sheet);
  }

  void flush() throws IOException {
    files.flush();
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
