package org.latte4j.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.latte4j.model.settings.Settings;

class CheckpointTriggersTest {
  private static final int ROUNDS = 10;

  /** 2 workers, 1 step, batch 3: 6 samples a round. */
  private static final int VIDEOS = 8;

  @Test
  void theLastRoundAlwaysWritesOne() {
    assertThat(due(Map.of("every-rounds", "0"))).containsExactly(10);
  }

  @Test
  void everySoManyRounds() {
    assertThat(due(Map.of("every-rounds", "4"))).containsExactly(4, 8, 10);
  }

  @Test
  void epochsEndInTheRoundThatSeesTheirLastVideo() {
    // Samples after each round: 6, 12, 18, 24, ...; an epoch ends at 8, 16, 24, ...
    assertThat(due(Map.of("every-rounds", "0", "every-epochs", "1")))
        .containsExactly(2, 3, 4, 6, 7, 8, 10);
    assertThat(due(Map.of("every-rounds", "0", "every-epochs", "3"))).containsExactly(4, 8, 10);
  }

  @Test
  void minutesCountFromTheLastCheckpoint() {
    // A round takes 20 seconds.
    assertThat(due(Map.of("every-rounds", "0", "every-minutes", "1"))).containsExactly(3, 6, 9, 10);
    assertThat(due(Map.of("every-rounds", "5", "every-minutes", "1"))).containsExactly(3, 5, 8, 10);
  }

  private static List<Integer> due(Map<String, String> checkpoint) {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "train.rounds", "" + ROUNDS,
                "train.workers", "2",
                "train.local-steps", "1",
                "train.batch-size", "3"));
    checkpoint.forEach((key, value) -> settings.put("train.checkpoint." + key, value));
    TrainSettings train = TrainSettings.from(Settings.load(List.of(), settings));
    CheckpointTriggers triggers = new CheckpointTriggers(train, train.plan(VIDEOS), 0);
    List<Integer> due = new ArrayList<>();
    for (int rounds = 1; rounds <= ROUNDS; rounds++) {
      long now = rounds * 20_000_000_000L;
      if (triggers.due(rounds, now)) {
        due.add(rounds);
        triggers.written(now);
      }
    }
    return due;
  }
}
