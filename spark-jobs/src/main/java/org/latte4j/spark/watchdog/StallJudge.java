package org.latte4j.spark.watchdog;

/** Decides when a standstill is worth a word. Used by one thread. */
final class StallJudge {
  private final WatchdogSettings settings;
  private double nextReport;

  StallJudge(WatchdogSettings settings) {
    this.settings = settings;
  }

  /** What to do about how things stand. */
  enum Verdict {
    SILENCE,
    REPORT,
    MOVES_AGAIN,
    GIVE_UP
  }

  Verdict judge(Standing standing) {
    double quiet = standing.quiet();
    double giveUp = settings.giveUpAfter().toMillis() / 1e3;
    if (giveUp > 0 && quiet >= giveUp) {
      return Verdict.GIVE_UP;
    }
    double limit = limit(standing);
    if (quiet < limit) {
      boolean wasReported = nextReport > 0;
      nextReport = 0;
      return wasReported ? Verdict.MOVES_AGAIN : Verdict.SILENCE;
    }
    if (quiet < nextReport) {
      return Verdict.SILENCE;
    }
    nextReport = 2 * quiet;
    return Verdict.REPORT;
  }

  private double limit(Standing standing) {
    double shortest = settings.reportAfter().toMillis() / 1e3;
    if (standing.withoutExecutors() > 0 && !standing.onDriver()) {
      return shortest;
    }
    double byUsual =
        standing.usual().isPresent()
            ? settings.usualMultiple() * standing.usual().getAsDouble()
            : settings.firstReportAfter().toMillis() / 1e3;
    return Math.max(shortest, byUsual);
  }
}
