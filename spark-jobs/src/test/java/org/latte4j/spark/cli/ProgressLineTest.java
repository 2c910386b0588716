package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final StringWriter text = new StringWriter();
  private final AtomicLong nanos = new AtomicLong();

  @Test
  void tellsRateTimeLeftAndNote() {
    ProgressLine line = line(false);
    at(10).advance(line, 20, "loss 0.5");
    assertThat(text.toString())
        .isEqualTo("train: 20/100 rounds, 2.00/s, 40 s left, loss 0.5" + System.lineSeparator());
  }

  @Test
  void inALogLinesAreTenSecondsApartButTheLastAlwaysShows() {
    ProgressLine line = line(false);
    at(10).advance(line, 10, "");
    at(11).advance(line, 11, "");
    at(20).advance(line, 20, "");
    at(21).advance(line, 100, "");
    assertThat(text.toString().lines())
        .containsExactly(
            "train: 10/100 rounds, 1.00/s, 1 min 30 s left",
            "train: 20/100 rounds, 1.00/s, 1 min 20 s left",
            "train: 100/100 rounds, 4.76/s, took 21 s");
  }

  @Test
  void onATerminalOneLineIsRewrittenAndOldEndsErased() {
    ProgressLine line = line(true);
    at(1).advance(line, 1, "a long note");
    at(2).advance(line, 2, "b");
    assertThat(text.toString())
        .isEqualTo(
            "\rtrain: 1/100 rounds, 1.00/s, 1 min 39 s left, a long note"
                + "\rtrain: 2/100 rounds, 1.00/s, 1 min 38 s left, b          ");
  }

  @Test
  void nothingDoneHasNoRate() {
    ProgressLine line = line(false);
    at(5).advance(line, 0, "");
    assertThat(text.toString().strip()).isEqualTo("train: 0/100 rounds");
  }

  @Test
  void whatWasDoneBeforeCountsInNoRate() {
    ProgressLine line = line(false);
    line.doneBefore(40);
    at(10).advance(line, 60, "");
    assertThat(text.toString().strip()).isEqualTo("train: 60/100 rounds, 2.00/s, 20 s left");
  }

  @Test
  void durationsAreReadable() {
    assertThat(ProgressLine.readable(0.2)).isEqualTo("0 s");
    assertThat(ProgressLine.readable(200)).isEqualTo("3 min 20 s");
    assertThat(ProgressLine.readable(7500)).isEqualTo("2 h 5 min");
  }

  private ProgressLine line(boolean terminal) {
    return new ProgressLine(new PrintWriter(text), "train", "rounds", 100, terminal, nanos::get);
  }

  private Clock at(long seconds) {
    nanos.set(seconds * 1_000_000_000L);
    return ProgressLine::advance;
  }

  /** Advances a line at the time that was set. */
  private interface Clock {
    void advance(ProgressLine line, long done, String note);
  }
}
