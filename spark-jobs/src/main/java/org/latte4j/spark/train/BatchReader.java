package org.latte4j.spark.train;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.latte4j.data.clip.ClipReader;
import org.latte4j.data.clip.ImageReader;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.training.LatteTrainer;

/**
 * Draws the batches of a worker's steps. While the caller takes a step, the next batch of the round
 * is drawn by a thread of the reader's own; what is drawn does not depend on it.
 *
 * <p>For one caller at a time. Closing ends the thread and closes the shards' files.
 */
final class BatchReader implements Batches<LatteTrainer> {
  private static final long SECONDS_TO_END = 60;

  private final TrainSettings settings;
  private final TrainingPlan plan;
  private final ClipReader clips;
  private final Optional<ImageReader> images;
  private final List<Batch> batches;
  private final ExecutorService thread;
  private Optional<Drawing> ahead = Optional.empty();

  /**
   * A reader.
   *
   * @param clips closed with this reader
   * @param images of the same shards; needed if the settings ask for images
   */
  BatchReader(
      TrainSettings settings,
      LatteConfiguration sizes,
      TrainingPlan plan,
      ClipReader clips,
      Optional<ImageReader> images) {
    this.settings = settings;
    this.plan = plan;
    this.clips = clips;
    this.images = images;
    this.batches = List.of(new Batch(settings, sizes), new Batch(settings, sizes));
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread drawing = new Thread(task, "latte batches");
              drawing.setDaemon(true);
              return drawing;
            });
  }

  /**
   * The batch of a step, valid until the one after it is asked for.
   *
   * @param step in the round
   */
  @Override
  public Batch batch(int worker, long round, int step) throws IOException {
    Drawing wanted =
        ahead
            .filter(drawing -> drawing.isFor(worker, round, step))
            .orElseGet(() -> begin(worker, round, step));
    ahead = Optional.empty();
    Batch batch = wanted.finished();
    if (step + 1 < settings.localSteps()) {
      ahead = Optional.of(begin(worker, round, step + 1));
    }
    return batch;
  }

  private Drawing begin(int worker, long round, int step) {
    Batch batch = batches.get(step % 2);
    Future<Batch> drawn =
        thread.submit(
            () -> {
              for (int item = 0; item < settings.stepSamples(); item++) {
                batch.draw(item, plan.visit(worker, round, step, item), clips, images);
              }
              return batch;
            });
    return new Drawing(worker, round, step, drawn);
  }

  @Override
  public void close() throws IOException {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS)) {
        throw new IOException(
            "reading latent shards did not end within %d s".formatted(SECONDS_TO_END));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    clips.close();
  }

  /** A batch that is being drawn. */
  private record Drawing(int worker, long round, int step, Future<Batch> batch) {
    boolean isFor(int worker, long round, int step) {
      return this.worker == worker && this.round == round && this.step == step;
    }

    Batch finished() throws IOException {
      try {
        return batch.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while clips were read");
      } catch (ExecutionException e) {
        throw unwrapped(e.getCause());
      }
    }

    private static IOException unwrapped(Throwable cause) {
      if (cause instanceof IOException io) {
        return io;
      }
      if (cause instanceof RuntimeException runtime) {
        throw runtime;
      }
      if (cause instanceof Error error) {
        throw error;
      }
      return new IOException(cause);
    }
  }
}
