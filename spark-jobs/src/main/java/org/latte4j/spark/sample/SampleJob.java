package org.latte4j.spark.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.LongConsumer;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.media.ContactSheet;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.latte.NetworkWeights;
import org.latte4j.model.latte.T2vWeights;
import org.latte4j.model.latte.TextConditioning;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.spark.checkpoint.TrainedModel;

/**
 * Generates videos of a trained model's classes, or of texts, in batches spread over the executors,
 * and writes each in the formats asked for.
 *
 * <p>The videos are the same whatever the batch size and the number of executors. For one use, by
 * one thread.
 */
public final class SampleJob {
  private static final long POLL_MILLISECONDS = 200;
  private static final int CELL_PIXELS = 96;

  private final JavaSparkContext context;
  private final Settings settings;
  private final SampleSettings sample;
  private final Path model;
  private final Path output;
  private LongConsumer progress = done -> {};
  private List<GeneratedVideo> generated = List.of();

  /**
   * A job.
   *
   * @param settings {@code sample.*} is read
   * @param model a checkpoint, a run's folder or a folder of weights
   * @param output folder for the videos, on any Hadoop file system
   */
  public SampleJob(JavaSparkContext context, Settings settings, Path model, Path output) {
    this.context = context;
    this.settings = settings;
    this.sample = SampleSettings.from(settings);
    this.model = model;
    this.output = output;
  }

  /** Tells how many videos are done, now and then, on the calling thread. */
  public SampleJob progress(LongConsumer progress) {
    this.progress = Objects.requireNonNull(progress);
    return this;
  }

  /**
   * Makes the videos.
   *
   * @throws SettingsException if {@code sample.classes} names a class that the model does not have,
   *     or another setting does not go together with the model
   * @throws IOException if the model, the picture or a text cannot be read or a video not be
   *     written
   */
  public SampleResult execute() throws IOException {
    long begin = System.nanoTime();
    TrainedModel trained = TrainedModel.find(model, context.hadoopConfiguration());
    ModelCard card = trained.card();
    Prompts prompts = prompts(trained);
    List<SampleRequest> requests = requests(card, prompts);
    FirstFrame firstFrame = FirstFrame.read(sample, context.hadoopConfiguration());
    try (WeightSource weights = trained.weights(sample.weights())) {
      NetworkWeights.check(weights, card.network());
    }
    prompts.check(requests, context.hadoopConfiguration());
    List<List<SampleRequest>> batches = batches(requests);
    LongAccumulator done = context.sc().longAccumulator("videos");
    context.setJobDescription("sample " + trained.folder().getName());
    int slices = Math.max(1, Math.min(batches.size(), context.defaultParallelism()));
    JavaFutureAction<List<GeneratedVideo>> running =
        context
            .parallelize(batches, slices)
            .mapPartitions(
                new SampleTask(
                    card,
                    sample,
                    firstFrame,
                    prompts,
                    trained.folder().toString(),
                    output.toString(),
                    new SerializableConfiguration(context.hadoopConfiguration()),
                    done))
            .collectAsync();
    generated = await(running, done);
    return new SampleResult(
        trained.folder().toString(),
        settings.section("sample"),
        generated.stream().map(GeneratedVideo::video).toList(),
        sample.outputs().contains(SampleSettings.Output.CONTACT_SHEET)
            ? contactSheet().toString()
            : "",
        (System.nanoTime() - begin) / 1e9);
  }

  /** The videos of the last {@link #execute}, with the frames of the first ones. */
  public List<GeneratedVideo> generated() {
    return generated;
  }

  private Path contactSheet() throws IOException {
    ContactSheet sheet = new ContactSheet(CELL_PIXELS);
    for (GeneratedVideo video : generated) {
      if (!video.preview().isEmpty()) {
        sheet.row(video.caption(), video.preview());
      }
    }
    java.nio.file.Path local = Files.createTempFile("latte-", ".png");
    try {
      sheet.write(local);
      return new VideoFiles(output, context.hadoopConfiguration(), sample)
          .publish(local, "contact-sheet.png");
    } finally {
      Files.deleteIfExists(local);
    }
  }

  /** How many videos {@link #execute} will make. */
  public long videos() throws IOException {
    TrainedModel trained = TrainedModel.find(model, context.hadoopConfiguration());
    return requests(trained.card(), prompts(trained)).size();
  }

  private List<SampleRequest> requests(ModelCard card, Prompts prompts) {
    return SampleRequest.all(card, sample, prompts.texts(), sample.videosPerClass(), settings);
  }

  private Prompts prompts(TrainedModel trained) throws IOException {
    ModelCard card = trained.card();
    sample.check(card, settings);
    int width = TextConditioning.WIDTH;
    if (card.network().architecture().text() == TextConditioning.CROSS_ATTENTION) {
      try (WeightSource weights = trained.weights(sample.weights())) {
        width = T2vWeights.textWidth(weights);
      }
    }
    return Prompts.read(sample, width, card, context.hadoopConfiguration());
  }

  /** As large as allowed, but small enough for all executors to get some. */
  private List<List<SampleRequest>> batches(List<SampleRequest> requests) {
    int tasks = context.defaultParallelism();
    int size = Math.min(sample.batchSize(), (requests.size() + tasks - 1) / tasks);
    List<List<SampleRequest>> batches = new ArrayList<>();
    for (int from = 0; from < requests.size(); from += size) {
      int to = Math.min(requests.size(), from + size);
      batches.add(new ArrayList<>(requests.subList(from, to)));
    }
    return batches;
  }

  private List<GeneratedVideo> await(
      JavaFutureAction<List<GeneratedVideo>> videos, LongAccumulator done) throws IOException {
    try {
      while (!videos.isDone()) {
        Thread.sleep(POLL_MILLISECONDS);
        progress.accept(done.value());
      }
      return videos.get();
    } catch (InterruptedException e) {
      videos.cancel(true);
      Thread.currentThread().interrupt();
      throw new IOException("sampling was interrupted", e);
    } catch (ExecutionException e) {
      throw new IOException("sampling failed: " + e.getCause().getMessage(), e.getCause());
    } finally {
      context.setJobDescription(null);
    }
  }
}
