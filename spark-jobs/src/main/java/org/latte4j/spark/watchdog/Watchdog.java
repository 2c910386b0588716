package org.latte4j.spark.watchdog;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.BlockManagerId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.JavaConverters;

/**
 * Watches a run on Spark from a thread of its own: reports when nothing has moved for too long,
 * again each time that the standstill has become twice as long, and when things move again; ends
 * the run if it is told to.
 *
 * <p>What moves is known from Spark's events and from the executors' heartbeats, which carry where
 * each task stands ({@link org.latte4j.spark.averaging.ActivityReport}). So it also sees tasks that
 * hang.
 */
public final class Watchdog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);

  /** How long a cancelled job is given to end before the driver's thread is interrupted. */
  private static final double PATIENCE_SECONDS = 10;

  private final JavaSparkContext context;
  private final WatchdogSettings settings;
  private final Consumer<String> output;
  private final Thread driver;
  private final RunActivity activity;
  private final StallJudge judge;
  private final double heartbeat;
  private final ScheduledExecutorService timer;
  private volatile String verdict;
  private long gaveUp;

  private Watchdog(JavaSparkContext context, WatchdogSettings settings, Consumer<String> output) {
    this.context = context;
    this.settings = settings;
    this.output = output;
    this.driver = Thread.currentThread();
    this.activity = new RunActivity(System::nanoTime);
    this.judge = new StallJudge(settings);
    this.heartbeat = context.getConf().getTimeAsMs("spark.executor.heartbeatInterval", "10s") / 1e3;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "watchdog");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Begins to watch the work that the calling thread does on Spark.
   *
   * @param output receives reports of one or several lines, from the watchdog's thread
   */
  public static Watchdog start(
      JavaSparkContext context, WatchdogSettings settings, Consumer<String> output) {
    Watchdog watchdog = new Watchdog(context, settings, output);
    if (!settings.reportAfter().isZero()) {
      watchdog.begin();
    }
    return watchdog;
  }

  private void begin() {
    context.sc().addSparkListener(activity);
    for (BlockManagerId executor :
        JavaConverters.asJavaCollection(
            context.env().blockManager().master().getMemoryStatus().keys().toSeq())) {
      if (context.isLocal() || !executor.isDriver()) {
        activity.present(executor.executorId(), executor.host());
      }
    }
    long pause =
        Math.max(
            SHORTEST_PAUSE.toMillis(),
            Math.min(LONGEST_PAUSE.toMillis(), settings.reportAfter().toMillis() / 8));
    timer.scheduleWithFixedDelay(this::lookAgain, pause, pause, TimeUnit.MILLISECONDS);
  }

  /**
   * Work on Spark.
   *
   * @param <T> its result
   */
  @FunctionalInterface
  public interface Work<T> {
    T run() throws IOException;
  }

  /**
   * Runs the work, in the thread that started the watchdog.
   *
   * @throws StalledException if the watchdog ended it
   */
  public <T> T watch(Work<T> work) throws IOException {
    try {
      return work.run();
    } catch (Exception e) {
      if (verdict == null) {
        throw e;
      }
      throw new StalledException(verdict, e);
    } finally {
      timer.shutdownNow();
      if (verdict != null) {
        Thread.interrupted(); // It was meant for the work.
      }
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    context.sc().removeSparkListener(activity);
  }

  private void lookAgain() {
    try {
      look();
    } catch (RuntimeException e) {
      // Thrown further, it would end the watch without a word.
      LOG.error("the watchdog could not look after the run; it tries again", e);
    }
  }

  private void look() {
    if (verdict != null) {
      if ((System.nanoTime() - gaveUp) / 1e9 > PATIENCE_SECONDS) {
        driver.interrupt();
      }
      return;
    }
    Standing standing = activity.look();
    switch (judge.judge(standing)) {
      case SILENCE -> {}
      case REPORT -> output.accept("watchdog: " + report(standing));
      case MOVES_AGAIN -> output.accept("watchdog: %s moves again".formatted(standing.work()));
      case GIVE_UP -> giveUp(standing);
    }
  }

  private void giveUp(Standing standing) {
    verdict =
        "the watchdog has ended the run (train.watchdog.give-up-after): %s%nWhole checkpoints are untouched: the same command goes on from the newest one."
            .formatted(report(standing));
    gaveUp = System.nanoTime();
    context.sc().cancelAllJobs();
    if (standing.onDriver()) {
      driver.interrupt();
    }
  }

  private String report(Standing standing) {
    return StallReport.of(standing, heartbeat, driver.getStackTrace());
  }
}
