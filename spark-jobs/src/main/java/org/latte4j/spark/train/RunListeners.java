package org.latte4j.spark.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.latte4j.spark.averaging.RoundMetrics;
import org.latte4j.spark.averaging.TrainingState;
import org.latte4j.spark.checkpoint.Checkpoint;

/**
 * Tells several listeners, in their order.
 *
 * @param <R> how the run describes itself
 */
final class RunListeners<R extends RunDescription> implements RunListener<R> {
  private final List<RunListener<? super R>> listeners = new ArrayList<>();

  void add(RunListener<? super R> listener) {
    listeners.add(Objects.requireNonNull(listener));
  }

  @Override
  public void begins(R run) throws IOException {
    for (RunListener<? super R> listener : listeners) {
      listener.begins(run);
    }
  }

  @Override
  public void roundDone(RoundMetrics metrics, TrainingState averaged) throws IOException {
    for (RunListener<? super R> listener : listeners) {
      listener.roundDone(metrics, averaged);
    }
  }

  @Override
  public void checkpointBegins(long finishedRounds) throws IOException {
    for (RunListener<? super R> listener : listeners) {
      listener.checkpointBegins(finishedRounds);
    }
  }

  @Override
  public void checkpointWritten(Checkpoint checkpoint) throws IOException {
    for (RunListener<? super R> listener : listeners) {
      listener.checkpointWritten(checkpoint);
    }
  }

  @Override
  public void warned(String message) throws IOException {
    for (RunListener<? super R> listener : listeners) {
      listener.warned(message);
    }
  }

  @Override
  public void standsStill(String report) {
    listeners.forEach(listener -> listener.standsStill(report));
  }

  @Override
  public void finished() throws IOException {
    for (RunListener<? super R> listener : listeners) {
      listener.finished();
    }
  }

  @Override
  public void concluded(List<String> lines) throws IOException {
    for (RunListener<? super R> listener : listeners) {
      listener.concluded(lines);
    }
  }

  /** Tells all of them; what they throw is added to the cause. */
  @Override
  public void failed(Exception cause) {
    for (RunListener<? super R> listener : listeners) {
      try {
        listener.failed(cause);
      } catch (IOException | RuntimeException e) {
        cause.addSuppressed(e);
      }
    }
  }
}
