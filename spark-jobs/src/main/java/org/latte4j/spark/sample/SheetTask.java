package org.latte4j.spark.sample;

import java.io.IOException;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.video.RgbImage;
import org.latte4j.model.card.ModelCard;
import org.latte4j.spark.averaging.Activity;
import org.latte4j.spark.averaging.SlicePlan;
import org.latte4j.spark.averaging.SliceWeights;
import org.latte4j.spark.averaging.VectorFunction;
import org.latte4j.spark.device.TaskDevice;

/** Makes a task's share of a sheet's videos, a run of neighbouring rows. */
final class SheetTask implements VectorFunction<ArrayList<SheetTask.Row>> {
  private static final long serialVersionUID = 1L;

  private final ModelCard card;
  private final SampleSettings settings;
  private final FirstFrame firstFrame;
  private final Prompts prompts;
  private final ArrayList<SampleRequest> requests;
  private final int tasks;
  private final SerializableConfiguration hadoop;

  /** A row of the sheet. */
  record Row(String caption, List<RgbImage> frames) implements Serializable {}

  SheetTask(
      ModelCard card,
      SampleSettings settings,
      FirstFrame firstFrame,
      Prompts prompts,
      List<SampleRequest> requests,
      int tasks,
      SerializableConfiguration hadoop) {
    this.card = card;
    this.settings = settings;
    this.firstFrame = firstFrame;
    this.prompts = prompts;
    this.requests = new ArrayList<>(requests);
    this.tasks = tasks;
    this.hadoop = hadoop;
  }

  @Override
  public Activity activity() {
    return Activity.SAMPLE;
  }

  @Override
  public ArrayList<Row> apply(int task, SlicePlan plan, Iterator<FloatBuffer> slices)
      throws IOException {
    TaskDevice.ofThisTask().bind();
    List<SampleRequest> mine =
        requests.subList(requests.size() * task / tasks, requests.size() * (task + 1) / tasks);
    ArrayList<Row> rows = new ArrayList<>();
    try (PromptReader reader = prompts.reader(hadoop.value());
        VideoGenerator generator =
            new VideoGenerator(card, new SliceWeights(plan, slices), settings, firstFrame)) {
      reader.negative().ifPresent(generator::leadAwayFrom);
      for (int from = 0; from < mine.size(); from += settings.batchSize()) {
        List<SampleRequest> batch =
            mine.subList(from, Math.min(mine.size(), from + settings.batchSize()));
        float[] latents = generator.latents(batch, reader.texts(batch));
        for (int i = 0; i < batch.size(); i++) {
          Preview frames = generator.preview(latents, i);
          frames.forEachRemaining(frame -> {});
          rows.add(new Row(batch.get(i).caption(), frames.images()));
        }
      }
    }
    return rows;
  }
}
