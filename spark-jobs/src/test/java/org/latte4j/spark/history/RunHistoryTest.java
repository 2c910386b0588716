package org.latte4j.spark.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

class RunHistoryTest {
  @TempDir Path run;

  @Test
  void everyKindOfEntryIsReadBackAsItWasNoted() throws IOException {
    List<HistoryEntry> entries =
        List.of(
            began(0),
            round(1, 0.5),
            new Validation(1, 4, "ema", 8, 0.5, List.of(new Band(0, 249, 0.3, 0.2, 0.1))),
            new Samples(1, 4, "file:/run/samples/round-1.png", 2.5),
            new CheckpointWritten(1, "file:/run/checkpoint-4"),
            new Warning(1, "no samples: \"quotes\"\nand lines"),
            new SessionEnded(1, 1_700_000_000_000L, "finished"));
    RunHistory history = open();
    entries.forEach(history::add);
    history.flush();
    assertThat(open().entries()).isEqualTo(entries);
  }

  @Test
  void lossThatIsNotANumberIsKeptAsSuch() throws IOException {
    RunHistory history = open();
    history.add(round(1, Double.NaN));
    history.flush();
    assertThat(open().last(Round.class).orElseThrow().loss()).isNaN();
  }

  @Test
  void sessionThatGoesOnVoidsLaterRoundsNotedBefore() throws IOException {
    RunHistory first = open();
    first.add(began(0));
    first.add(round(1, 0.5));
    first.add(round(2, 0.4));
    first.flush();
    first.add(round(3, 0.3));
    first.flush();
    RunHistory second = open();
    second.add(began(2));
    second.add(round(3, 0.33));
    second.flush();
    List<Round> rounds = open().all(Round.class);
    assertThat(rounds).extracting(Round::finishedRounds).containsExactly(1L, 2L, 3L);
    assertThat(rounds.get(2).loss()).isEqualTo(0.33);
    assertThat(open().all(SessionBegan.class)).hasSize(2);
  }

  @Test
  void roundsOfVersionsWithoutTermsOfTheLossAreRead() throws IOException {
    Files.createDirectories(run.resolve("metrics"));
    Files.writeString(
        run.resolve("metrics/000000.jsonl"),
        """
        {"entry":"round","finished-rounds":1,"step":4,"epoch":0.5,"loss":0.7,"gradient-norm":1.0,"phases":{}}
        """);
    assertThat(open().all(Round.class))
        .singleElement()
        .satisfies(round -> assertThat(round.loss()).isEqualTo(0.7))
        .satisfies(round -> assertThat(round.terms()).isEmpty());
  }

  @Test
  void everyFlushWritesOneNewFileAndNothingWritesNone() throws IOException {
    RunHistory history = open();
    history.add(round(1, 0.5));
    history.flush();
    history.flush();
    history.add(round(2, 0.5));
    history.flush();
    try (Stream<Path> files = Files.list(run.resolve("metrics"))) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(n -> !n.startsWith(".")))
          .containsExactlyInAnyOrder("000000.jsonl", "000001.jsonl");
    }
  }

  @Test
  void aSecondDriverInTheSameFolderOverwritesNothing() throws IOException {
    RunHistory first = open();
    RunHistory second = open();
    first.add(round(1, 0.5));
    first.flush();
    second.add(round(1, 0.6));
    assertThatThrownBy(second::flush)
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("000000.jsonl", "another driver");
    assertThat(open().last(Round.class).orElseThrow().loss()).isEqualTo(0.5);
  }

  @Test
  void damagedFileIsNamedWithItsLine() throws IOException {
    Files.createDirectories(run.resolve("metrics"));
    Files.writeString(run.resolve("metrics/000000.jsonl"), "{\"entry\":\"round\"");
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("000000.jsonl", "line 1");
  }

  private RunHistory open() throws IOException {
    return RunHistory.open(new org.apache.hadoop.fs.Path(run.toUri()), new Configuration());
  }

  private static SessionBegan began(long finished) {
    return new SessionBegan(
        finished,
        1_700_000_000_000L,
        1000,
        15,
        2,
        8,
        4,
        10,
        "abc",
        List.of("start from w.pt"),
        Map.of("master", "local[2]"),
        Map.of("java", "17"),
        Map.of("train.rounds", "10"),
        "bin/latte train");
  }

  private static Round round(long finished, double loss) {
    return new Round(
        finished, finished * 4, 0.5, loss, Map.of(), 1, 1e-4, 8, 2, 50, Map.of("gather", 0.5));
  }
}
