package org.latte4j.spark.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.listeners.CollectScoresIterationListener;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.LocalSpark;
import org.latte4j.spark.averaging.RoundMetrics;
import org.latte4j.spark.averaging.TrainingState;
import org.latte4j.spark.history.HistoryEntry.Round;
import org.latte4j.spark.history.HistoryEntry.Samples;
import org.latte4j.spark.history.HistoryEntry.SessionBegan;
import org.latte4j.spark.history.HistoryEntry.SessionEnded;
import org.latte4j.spark.history.HistoryEntry.Validation;
import org.latte4j.spark.history.HistoryEntry.Warning;
import org.latte4j.spark.history.RunHistory;
import org.latte4j.spark.train.RunDescription;
import org.latte4j.spark.train.RunListener;
import org.latte4j.spark.train.TrainResult;

class RunObserverTest {
  @TempDir static Path data;

  private static JavaSparkContext spark;

  @TempDir Path run;

  @BeforeAll
  static void encode() throws IOException {
    spark = LocalSpark.start("local[2]");
    TinyRun.encode(spark, shards());
  }

  @AfterAll
  static void stopSpark() {
    spark.close();
  }

  @Test
  void runLeavesHistorySheetsEventsAndReport() throws IOException {
    TinyRun.job(spark, TinyRun.settings(Map.of()), shards(), run).execute();
    RunHistory history = history();
    assertThat(history.all(Round.class))
        .extracting(Round::finishedRounds, Round::step)
        .containsExactly(tuple(1, 2), tuple(2, 4), tuple(3, 6), tuple(4, 8));
    assertThat(history.all(Validation.class))
        .extracting(Validation::finishedRounds, Validation::weights)
        .containsExactly(tuple(2, "ema"), tuple(2, "model"), tuple(4, "ema"), tuple(4, "model"));
    assertThat(history.all(Validation.class))
        .allSatisfy(
            entry ->
                assertThat(entry.bands())
                    .hasSize(4)
                    .allMatch(band -> Double.isFinite(band.loss()) && band.loss() > 0));
    assertThat(history.last(SessionBegan.class).orElseThrow())
        .satisfies(session -> assertThat(session.heldOutVideos()).isPositive())
        .satisfies(session -> assertThat(session.videos() + session.heldOutVideos()).isEqualTo(8));
    assertThat(history.last(SessionEnded.class).orElseThrow().outcome()).isEqualTo("finished");
    assertThat(history.all(Warning.class)).isEmpty();
    assertThat(ImageIO.read(run.resolve("samples/round-000004.png").toFile())).isNotNull();
    assertThat(report())
        .contains("4 of 4", "data:image/png;base64,", "train.validation.share=0.4", "t 750-999")
        .doesNotContain("http://", "https://", "<script", "src=\"/");
    assertThat(events()).contains("train/loss", "phase-seconds/gather", "loss-t000-249", "samples");
    RunSummary summary = RunSummary.of(TinyRun.hadoop(run), new Configuration());
    assertThat(summary.round()).singleElement().extracting(Round::finishedRounds).isEqualTo(4L);
    assertThat(summary.validation()).hasSize(2);
  }

  @Test
  void whatIsWatchedDoesNotChangeWhatIsTrained() throws IOException {
    TrainResult watched =
        TinyRun.job(spark, TinyRun.settings(Map.of()), shards(), run.resolve("watched")).execute();
    Settings unwatched =
        TinyRun.settings(
            Map.of(
                "train.validation.every-rounds", "0",
                "train.samples.every-rounds", "0",
                "train.tensorboard", "false"));
    TrainResult alone = TinyRun.job(spark, unwatched, shards(), run.resolve("alone")).execute();
    assertThat(watched.losses()).isEqualTo(alone.losses());
    assertThat(run.resolve("alone/tensorboard")).doesNotExist();
  }

  @Test
  void stoppedRunIsReportedAndWhatGoesOnCoversAllOfIt() throws IOException {
    Settings settings = TinyRun.settings(Map.of());
    RunListener<RunDescription> breaks =
        new RunListener<>() {
          @Override
          public void roundDone(RoundMetrics metrics, TrainingState averaged) {
            if (averaged.rounds() == 3) {
              throw new IllegalStateException("pulled the plug");
            }
          }
        };
    assertThatThrownBy(() -> TinyRun.job(spark, settings, shards(), run).listener(breaks).execute())
        .hasMessage("pulled the plug");
    assertThat(report()).contains("stopped: pulled the plug", "3 of 4");
    List<Round> before = history().all(Round.class);

    TinyRun.job(spark, settings, shards(), run).execute();
    List<Round> after = history().all(Round.class);
    assertThat(after).extracting(Round::finishedRounds).containsExactly(1L, 2L, 3L, 4L);
    assertThat(after.get(2).loss()).isEqualTo(before.get(2).loss());
    assertThat(history().all(SessionBegan.class))
        .extracting(SessionBegan::finishedRounds)
        .containsExactly(0L, 2L);
    assertThat(report()).contains("pulled the plug", "4 of 4", "finished");
  }

  @Test
  void sheetThatCannotBeWrittenIsAWarningAndTrainingGoesOn() throws IOException {
    Files.writeString(run.resolve("samples"), "in the way");
    TrainResult result = TinyRun.job(spark, TinyRun.settings(Map.of()), shards(), run).execute();
    assertThat(result.rounds()).isEqualTo(4);
    assertThat(history().all(Samples.class)).isEmpty();
    assertThat(history().all(Warning.class))
        .hasSize(2)
        .allMatch(warning -> warning.message().startsWith("samples could not be made"));
    assertThat(report()).contains("samples could not be made");
  }

  @Test
  void listenersOfDeeplearning4jHearOfEveryStep() throws IOException {
    Settings settings =
        TinyRun.settings(
            Map.of(
                "train.listeners",
                CollectScoresIterationListener.class.getName() + "," + Counting.class.getName()));
    Counting.STEPS.set(0);
    TinyRun.job(spark, settings, shards(), run).execute();
    // 4 rounds of 2 steps of 2 workers.
    assertThat(Counting.STEPS).hasValue(16);
  }

  @Test
  void listenerThatIsNoneIsRefusedByName() {
    Settings settings = TinyRun.settings(Map.of("train.listeners", "java.lang.String"));
    assertThatThrownBy(() -> TinyRun.job(spark, settings, shards(), run))
        .isInstanceOf(SettingsException.class)
        .hasMessageContainingAll("train.listeners", "java.lang.String");
  }

  @Test
  void validationWithNothingHeldOutIsRefused() {
    Settings settings = TinyRun.settings(Map.of("train.validation.share", "0"));
    assertThatThrownBy(() -> TinyRun.job(spark, settings, shards(), run).execute())
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("train.validation.every-rounds");
  }

  /** Counts in the JVM of the executors, which is the test's. */
  public static final class Counting extends BaseTrainingListener {
    private static final AtomicInteger STEPS = new AtomicInteger();

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
      assertThat(model.score()).isPositive();
      STEPS.incrementAndGet();
    }
  }

  private static org.assertj.core.groups.Tuple tuple(long rounds, Object second) {
    return org.assertj.core.groups.Tuple.tuple(
        rounds, second instanceof Integer step ? Long.valueOf(step) : second);
  }

  private RunHistory history() throws IOException {
    return RunHistory.open(TinyRun.hadoop(run), new Configuration());
  }

  private String report() throws IOException {
    return Files.readString(run.resolve("report.html"));
  }

  private String events() throws IOException {
    try (Stream<Path> files = Files.list(run.resolve("tensorboard"))) {
      Path only = files.reduce((a, b) -> fail(a, b)).orElseThrow();
      return new String(Files.readAllBytes(only), StandardCharsets.ISO_8859_1);
    }
  }

  private static Path fail(Path a, Path b) {
    throw new AssertionError("one file was due, not " + a + " and " + b);
  }

  private static Path shards() {
    return data.resolve("shards");
  }
}
