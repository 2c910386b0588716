package org.latte4j.spark.watchdog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.latte4j.spark.watchdog.StallJudge.Verdict.GIVE_UP;
import static org.latte4j.spark.watchdog.StallJudge.Verdict.MOVES_AGAIN;
import static org.latte4j.spark.watchdog.StallJudge.Verdict.REPORT;
import static org.latte4j.spark.watchdog.StallJudge.Verdict.SILENCE;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class StallJudgeTest {
  private final StallJudge judge =
      new StallJudge(
          new WatchdogSettings(
              Duration.ofSeconds(120), 4, Duration.ofMinutes(15), Duration.ofMinutes(60)));

  @Test
  void aSlowFirstRoundIsNoStandstill() {
    assertThat(judge.judge(quiet(800, OptionalDouble.empty()))).isEqualTo(SILENCE);
    assertThat(judge.judge(quiet(901, OptionalDouble.empty()))).isEqualTo(REPORT);
  }

  @Test
  void aUsualRoundOfTenMinutesIsGivenFourtyMinutes() {
    assertThat(judge.judge(quiet(2399, OptionalDouble.of(600)))).isEqualTo(SILENCE);
    assertThat(judge.judge(quiet(2401, OptionalDouble.of(600)))).isEqualTo(REPORT);
  }

  @Test
  void shortRoundsAreGivenTheShortestTimeThatIsReported() {
    assertThat(judge.judge(quiet(119, OptionalDouble.of(1)))).isEqualTo(SILENCE);
    assertThat(judge.judge(quiet(121, OptionalDouble.of(1)))).isEqualTo(REPORT);
  }

  @Test
  void theReportComesAgainWhenTheStandstillHasDoubled() {
    OptionalDouble usual = OptionalDouble.of(1);
    assertThat(judge.judge(quiet(125, usual))).isEqualTo(REPORT);
    assertThat(judge.judge(quiet(249, usual))).isEqualTo(SILENCE);
    assertThat(judge.judge(quiet(251, usual))).isEqualTo(REPORT);
  }

  @Test
  void whatMovesAgainAfterAReportIsSaidOnce() {
    OptionalDouble usual = OptionalDouble.of(1);
    judge.judge(quiet(125, usual));
    assertThat(judge.judge(quiet(3, usual))).isEqualTo(MOVES_AGAIN);
    assertThat(judge.judge(quiet(3, usual))).isEqualTo(SILENCE);
  }

  @Test
  void missingExecutorsAreReportedInTheFirstRoundToo() {
    Standing without =
        new Standing(
            "round 0",
            "round",
            false,
            130,
            OptionalDouble.empty(),
            List.of(),
            List.of(),
            List.of(),
            130);
    assertThat(judge.judge(without)).isEqualTo(REPORT);
  }

  @Test
  void theLongestStandstillEndsTheRun() {
    assertThat(judge.judge(quiet(3600, OptionalDouble.of(1e5)))).isEqualTo(GIVE_UP);
  }

  private static Standing quiet(double seconds, OptionalDouble usual) {
    return new Standing(
        "round 7",
        "round",
        false,
        seconds,
        usual,
        List.of(),
        List.of(),
        List.of(new Standing.Executor("0", "host", 1)),
        0);
  }
}
