package org.latte4j.spark.watchdog;

import java.time.Duration;
import org.latte4j.model.settings.Settings;

/**
 * The settings below {@code train.watchdog}, checked.
 *
 * @param reportAfter shortest standstill that is reported; nothing is reported when zero
 * @param usualMultiple standstills are reported when they last this many times as long as a usual
 *     round
 * @param firstReportAfter shortest standstill that is reported while no usual time is known yet
 * @param giveUpAfter standstill that ends the run; never when zero
 */
public record WatchdogSettings(
    Duration reportAfter, double usualMultiple, Duration firstReportAfter, Duration giveUpAfter) {

  /** Reads and checks the settings. */
  public static WatchdogSettings from(Settings settings) {
    Duration reportAfter = settings.duration("train.watchdog.report-after");
    Duration giveUpAfter = settings.duration("train.watchdog.give-up-after");
    if (!giveUpAfter.isZero() && giveUpAfter.compareTo(reportAfter) < 0) {
      throw settings.invalid(
          "train.watchdog.give-up-after",
          "0s, or at least train.watchdog.report-after (%d s)".formatted(reportAfter.toSeconds()));
    }
    return new WatchdogSettings(
        reportAfter,
        settings.number("train.watchdog.usual-multiple", 1, 1e6),
        settings.duration("train.watchdog.first-report-after"),
        giveUpAfter);
  }
}
