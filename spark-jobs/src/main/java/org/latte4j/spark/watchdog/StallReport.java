package org.latte4j.spark.watchdog;

import java.util.List;
import java.util.Locale;

/** Says in a few lines where a run stands still. */
final class StallReport {
  private static final int SHOWN = 8;

  private StallReport() {}

  /**
   * The report.
   *
   * @param heartbeat seconds between an executor's heartbeats
   * @param driver where the driver's thread stands
   */
  static String of(Standing standing, double heartbeat, StackTraceElement[] driver) {
    StringBuilder text = new StringBuilder();
    text.append(standing.work()).append(" has not moved for ").append(time(standing.quiet()));
    if (standing.usual().isPresent()) {
      text.append(
          standing.onDriver()
              ? " (usually it takes %s)".formatted(time(standing.usual().getAsDouble()))
              : " (a whole %s usually takes %s)"
                  .formatted(standing.kind(), time(standing.usual().getAsDouble())));
    }
    if (standing.onDriver()) {
      text.append("; no Spark job runs, the driver is at ").append(place(driver));
      return text.toString();
    }
    for (Standing.Stage stage : standing.stages()) {
      text.append(
          "%n  %s: %d of %d tasks are done, %d running, %d waiting"
              .formatted(
                  stage.name(),
                  stage.finished(),
                  stage.tasks(),
                  stage.running(),
                  Math.max(0, stage.tasks() - stage.finished() - stage.running())));
    }
    List<Standing.Task> tasks = standing.tasks();
    for (Standing.Task task : tasks.subList(0, Math.min(SHOWN, tasks.size()))) {
      text.append(
          "%n    %s since %s, on executor %s (%s)"
              .formatted(task.doing(), time(task.seconds()), task.executor(), task.host()));
    }
    if (tasks.size() > SHOWN) {
      text.append("%n    and %d tasks more".formatted(tasks.size() - SHOWN));
    }
    executors(standing, heartbeat, text);
    return text.toString();
  }

  private static void executors(Standing standing, double heartbeat, StringBuilder text) {
    if (standing.executors().isEmpty()) {
      text.append(
          "%n  no executors since %s: Spark waits until the cluster gives some; are its workers up,"
                  .formatted(time(standing.withoutExecutors()))
              + " and do they have the cores and the memory asked for?");
      return;
    }
    text.append("%n  executors: %d".formatted(standing.executors().size()));
    for (Standing.Executor executor : standing.executors()) {
      // The driver's own heartbeats, in local mode, are no less regular.
      if (executor.silent() > 2.5 * heartbeat) {
        text.append(
            "; nothing heard from executor %s (%s) for %s"
                .formatted(executor.id(), executor.host(), time(executor.silent())));
      }
    }
  }

  private static String place(StackTraceElement[] driver) {
    for (StackTraceElement frame : driver) {
      if (frame.getClassName().startsWith("org.latte4j.")) {
        return frame.toString();
      }
    }
    return driver.length == 0 ? "its end" : driver[0].toString();
  }

  /** Such as {@code 12.3 s}, {@code 4 min 5 s}, {@code 2 h 3 min}. */
  static String time(double seconds) {
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? "%d min %d s".formatted(whole / 60, whole % 60)
        : "%d h %d min".formatted(whole / 3600, whole % 3600 / 60);
  }
}
