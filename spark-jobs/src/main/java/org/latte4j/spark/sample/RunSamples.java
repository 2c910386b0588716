package org.latte4j.spark.sample;

import java.io.IOException;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.media.ContactSheet;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.latte.TextConditioning;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.weights.Part;
import org.latte4j.spark.averaging.StateVector;
import org.latte4j.spark.averaging.TrainingState;

/**
 * Contact sheets of a model that is being trained: the same noise, classes and texts every time, so
 * that sheets can be compared. Executors fetch the weights from the state and make the videos.
 *
 * <p>Used by the driver's thread.
 */
public final class RunSamples {
  private static final int CELL_PIXELS = 64;

  private final JavaSparkContext context;
  private final SampleSettings settings;
  private final ModelCard card;
  private final FirstFrame firstFrame;
  private final Prompts prompts;
  private final List<SampleRequest> requests;
  private final int mostTasks;

  /**
   * Samples of a model.
   *
   * @param settings {@code sample.*} is read
   * @param perClass videos of each class or text, or of a model without
   * @param mostTasks tasks that make videos at the same time; no influence on them
   * @throws IOException if {@code sample.autoencoder} is needed and not given, or {@code
   *     sample.image} or {@code sample.text-embeddings} cannot be read
   */
  public RunSamples(
      JavaSparkContext context, Settings settings, ModelCard card, int perClass, int mostTasks)
      throws IOException {
    this.context = context;
    this.settings = SampleSettings.from(settings);
    this.settings.check(card, settings);
    this.card = card;
    this.firstFrame = FirstFrame.read(this.settings, context.hadoopConfiguration());
    this.prompts =
        Prompts.read(this.settings, TextConditioning.WIDTH, card, context.hadoopConfiguration());
    this.requests =
        SampleRequest.all(card, this.settings, prompts.texts(), perClass, settings).stream()
            .filter(SampleRequest::preview)
            .toList();
    prompts.check(requests, context.hadoopConfiguration());
    this.mostTasks = mostTasks;
    VideoGenerator.requireAutoencoder(card, this.settings);
  }

  /** Makes the videos with the state's weights. */
  public ContactSheet of(TrainingState state) {
    StateVector vector = settings.weights() == Part.EMA ? StateVector.EMA : StateVector.PARAMETERS;
    int tasks = Math.min(mostTasks, requests.size());
    context.setJobDescription("samples after round " + state.rounds());
    try {
      ContactSheet sheet = new ContactSheet(CELL_PIXELS);
      state
          .mapVector(
              vector,
              tasks,
              new SheetTask(
                  card,
                  settings,
                  firstFrame,
                  prompts,
                  requests,
                  tasks,
                  new SerializableConfiguration(context.hadoopConfiguration())))
          .stream()
          .flatMap(List::stream)
          .forEach(row -> sheet.row(row.caption(), row.frames()));
      return sheet;
    } finally {
      context.setJobDescription(null);
    }
  }
}
