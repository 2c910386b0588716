package org.latte4j.spark.observe;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.model.settings.Settings;
import org.latte4j.spark.averaging.TrainingState;
import org.latte4j.spark.history.HistoryEntry;
import org.latte4j.spark.sample.RunSamples;
import org.latte4j.spark.train.LatteRunDescription;

/** Contact sheets of videos made with the present weights. */
final class SampleEvaluation implements Evaluation<LatteRunDescription> {
  private final JavaSparkContext context;
  private final Settings settings;
  private final int everyRounds;
  private Optional<Maker> maker = Optional.empty();

  SampleEvaluation(JavaSparkContext context, Settings settings) {
    this.context = context;
    this.settings = settings;
    this.everyRounds = settings.integer("train.samples.every-rounds", 0, Integer.MAX_VALUE);
  }

  @Override
  public void begins(LatteRunDescription run) throws IOException {
    if (everyRounds > 0) {
      RunSamples samples =
          new RunSamples(
              context,
              settings,
              run.model(),
              settings.integer("train.samples.per-class", 1, 64),
              run.settings().workers());
      maker =
          Optional.of(
              new Maker(
                  run, samples, new SampleSheets(run.output(), context.hadoopConfiguration())));
    }
  }

  @Override
  public void roundDone(TrainingState averaged, RunNotes notes) throws IOException {
    if (maker.isPresent() && averaged.rounds() % everyRounds == 0) {
      maker.get().make(averaged, notes);
    }
  }

  @Override
  public String failure() {
    return "samples could not be made";
  }

  /** Makes the sheets of one run. */
  private record Maker(LatteRunDescription run, RunSamples samples, SampleSheets sheets) {
    void make(TrainingState averaged, RunNotes notes) throws IOException {
      long begin = System.nanoTime();
      BufferedImage sheet = samples.of(averaged).draw();
      Path written = sheets.write(averaged.rounds(), sheet);
      notes.samples(
          new HistoryEntry.Samples(
              averaged.rounds(),
              run.plan().position(averaged.rounds()).step(),
              written.toString(),
              (System.nanoTime() - begin) / 1e9),
          sheet);
    }
  }
}
