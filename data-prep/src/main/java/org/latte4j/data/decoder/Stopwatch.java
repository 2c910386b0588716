package org.latte4j.data.decoder;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Measures how long the caller waits for a process, and ends the process when that is too long.
 *
 * <p>Waiting begins with {@link #resume} and ends with {@link #pause}; {@link #progress} in between
 * shows that the process lives.
 */
final class Stopwatch implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(200);

  private static final ScheduledExecutorService CLOCK =
      Executors.newSingleThreadScheduledExecutor(
          runnable -> {
            Thread thread = new Thread(runnable, "decoder processes' clock");
            thread.setDaemon(true);
            return thread;
          });

  private final Process process;
  private final DecoderSettings settings;
  private final ScheduledFuture<?> ticks;
  private boolean waiting;
  private long silentSince;
  private long resumed;
  private long waited;
  private Optional<String> overtime = Optional.empty();

  Stopwatch(Process process, DecoderSettings settings) {
    this.process = process;
    this.settings = settings;
    this.ticks =
        CLOCK.scheduleWithFixedDelay(
            this::check, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A new video. */
  synchronized void begin() {
    waited = 0;
    waiting = false;
  }

  synchronized void resume() {
    waiting = true;
    resumed = System.nanoTime();
    silentSince = resumed;
  }

  synchronized void progress() {
    silentSince = System.nanoTime();
  }

  synchronized void pause() {
    if (waiting) {
      waited += System.nanoTime() - resumed;
      waiting = false;
    }
  }

  /** Why the process was ended, if it was. */
  synchronized Optional<String> overtime() {
    return overtime;
  }

  private synchronized void check() {
    if (!waiting || overtime.isPresent()) {
      return;
    }
    long now = System.nanoTime();
    if (now - silentSince > settings.stallLimit().toNanos()) {
      end(
          "decoding stood still for %d s (encode.decoder.stall-limit)"
              .formatted(settings.stallLimit().toSeconds()));
    } else if (waited + now - resumed > settings.timeLimit().toNanos()) {
      end(
          "decoding took longer than %d s (encode.decoder.time-limit)"
              .formatted(settings.timeLimit().toSeconds()));
    }
  }

  private void end(String why) {
    overtime = Optional.of(why);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public void close() {
    ticks.cancel(false);
  }
}
