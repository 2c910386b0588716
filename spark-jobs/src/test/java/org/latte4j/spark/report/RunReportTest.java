package org.latte4j.spark.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.spark.history.HistoryEntry.Band;
import org.latte4j.spark.history.HistoryEntry.CheckpointWritten;
import org.latte4j.spark.history.HistoryEntry.Round;
import org.latte4j.spark.history.HistoryEntry.Samples;
import org.latte4j.spark.history.HistoryEntry.SessionBegan;
import org.latte4j.spark.history.HistoryEntry.SessionEnded;
import org.latte4j.spark.history.HistoryEntry.Validation;
import org.latte4j.spark.history.HistoryEntry.Warning;
import org.latte4j.spark.history.RunHistory;

class RunReportTest {
  private static final String HOSTILE = "<script>alert('x')</script> & \"more\"";

  @TempDir Path run;

  @Test
  void everyTextIsEscaped() throws IOException {
    RunHistory history = history();
    history.add(session(0, "0.1", HOSTILE));
    history.add(round(1));
    history.add(new Warning(1, HOSTILE));
    history.add(new CheckpointWritten(1, HOSTILE));
    history.add(new Samples(1, 4, run.resolve("<script>").toUri().toString(), 1));
    history.add(session(1, HOSTILE, "again"));
    history.add(new SessionEnded(1, 0, HOSTILE));
    assertThat(report(history))
        .doesNotContain("<script")
        .contains("start from &lt;w&gt;.pt")
        .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;more&quot;");
  }

  @Test
  void chartsAreWellFormedAndOfBoundedSizeHoweverLongTheRun() throws Exception {
    RunHistory history = history();
    history.add(session(0, "0.1", "bin/latte train"));
    for (int i = 1; i <= 20_000; i++) {
      history.add(round(i));
    }
    for (int i = 1000; i <= 20_000; i += 1000) {
      history.add(validation("ema", i));
      history.add(validation("model", i));
    }
    String html = report(history);
    assertThat(html.length()).isLessThan(400_000);
    int charts = 0;
    for (int at = html.indexOf("<figure>"); at >= 0; at = html.indexOf("<figure>", at + 1)) {
      String figure = html.substring(at, html.indexOf("</figure>", at) + "</figure>".length());
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new java.io.ByteArrayInputStream(figure.getBytes("UTF-8")));
      assertThat(figure).doesNotContain("NaN", "Infinity");
      charts++;
    }
    assertThat(charts).isEqualTo(9);
  }

  @Test
  void oneRoundWithAGradientOfZeroCanBeDrawn() throws IOException {
    RunHistory history = history();
    history.add(session(0, "0.1", "bin/latte train"));
    history.add(new Round(1, 4, 0.5, Double.NaN, Map.of(), 0, 0, 8, 2, 50, Map.of()));
    assertThat(report(history)).contains("1 of 20,000").doesNotContain("NaN\"", "Infinity");
  }

  @Test
  void slowFirstRoundDoesNotFlattenTheOthers() throws IOException {
    RunHistory history = history();
    history.add(session(0, "0.1", "bin/latte train"));
    history.add(new Round(1, 4, 0, 1, Map.of(), 1, 0, 8, 900, 1, Map.of("steps", 900.0)));
    for (int i = 2; i <= 100; i++) {
      history.add(round(i));
    }
    assertThat(report(history)).contains("higher ones are cut off").doesNotContain(">500</text>");
  }

  @Test
  void runWithoutARoundSaysSo() throws IOException {
    RunHistory history = history();
    history.add(session(0, "0.1", "bin/latte train"));
    history.add(new SessionEnded(0, 0, "stopped: no shards"));
    assertThat(report(history)).contains("No round was finished", "stopped: no shards");
  }

  @Test
  void settingThatChangedBetweenSessionsIsListedWithItsRound() throws IOException {
    RunHistory history = history();
    history.add(session(0, "0.1", "bin/latte train"));
    history.add(round(1));
    history.add(session(1, "0.2", "bin/latte train"));
    assertThat(report(history))
        .contains("since round 1: train.learning-rate = 0.2, before 0.1", "noted no end: killed");
  }

  @Test
  void lastSheetIsAlwaysAmongThoseShown() {
    List<Samples> all =
        java.util.stream.LongStream.rangeClosed(1, 100)
            .mapToObj(round -> new Samples(round, round, "", 1))
            .toList();
    assertThat(SheetGallery.chosen(all))
        .extracting(Samples::finishedRounds)
        .containsExactly(100L, 81L, 61L, 41L, 21L, 1L);
  }

  @Test
  void wideSheetIsMadeNarrower() throws IOException {
    Path sheet = run.resolve("sheet.png");
    ImageIO.write(new BufferedImage(5000, 50, BufferedImage.TYPE_INT_RGB), "png", sheet.toFile());
    RunHistory history = history();
    history.add(session(0, "0.1", "bin/latte train"));
    history.add(round(1));
    history.add(new Samples(1, 4, sheet.toUri().toString(), 1));
    String html = report(history);
    String png =
        html.substring(html.indexOf("base64,") + 7, html.indexOf("\">", html.indexOf("base64,")));
    byte[] bytes = java.util.Base64.getDecoder().decode(png);
    assertThat(ImageIO.read(new java.io.ByteArrayInputStream(bytes)).getWidth()).isEqualTo(1400);
  }

  private RunHistory history() throws IOException {
    return RunHistory.open(hadoop(), new Configuration());
  }

  private String report(RunHistory history) throws IOException {
    history.flush();
    RunReport.write(hadoop(), new Configuration());
    return Files.readString(run.resolve(RunReport.NAME));
  }

  private org.apache.hadoop.fs.Path hadoop() {
    return new org.apache.hadoop.fs.Path(run.toUri());
  }

  private static SessionBegan session(long finished, String learningRate, String command) {
    return new SessionBegan(
        finished,
        1_700_000_000_000L,
        1000,
        15,
        2,
        8,
        4,
        20_000,
        "abc",
        List.of("start from <w>.pt"),
        Map.of("master", "local[2]"),
        Map.of("java", "17"),
        Map.of("train.learning-rate", learningRate),
        command);
  }

  private static Round round(long finished) {
    return new Round(
        finished,
        finished * 4,
        finished / 10.0,
        1 / Math.sqrt(finished),
        Map.of("kl-divergence", 3.0 / finished),
        2,
        1e-4,
        8,
        2,
        50,
        Map.of(
            "gather", 0.2, "load", 0.1, "data", 0.1, "steps", 1.2, "shuffle", 0.2, "average", 0.2));
  }

  private static Validation validation(String weights, long finished) {
    return new Validation(
        finished,
        finished * 4,
        weights,
        8,
        0.5,
        List.of(
            new Band(0, 249, 0.3, 0.2, 0.1),
            new Band(250, 499, 0.2, 0.1, 0.1),
            new Band(500, 749, 0.1, 0.05, 0.05),
            new Band(750, 999, 0.05, 0.03, 0.02)));
  }
}
