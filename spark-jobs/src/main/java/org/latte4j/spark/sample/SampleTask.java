package org.latte4j.spark.sample;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.video.RgbImage;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.spark.checkpoint.TrainedModel;
import org.latte4j.spark.device.TaskDevice;

/** Makes and writes the videos of a partition's batches, one model for all of them. */
final class SampleTask implements FlatMapFunction<Iterator<List<SampleRequest>>, GeneratedVideo> {
  private static final long serialVersionUID = 1L;

  private final ModelCard card;
  private final SampleSettings settings;
  private final FirstFrame firstFrame;
  private final Prompts prompts;
  private final String model;
  private final String output;
  private final SerializableConfiguration hadoop;
  private final LongAccumulator done;

  SampleTask(
      ModelCard card,
      SampleSettings settings,
      FirstFrame firstFrame,
      Prompts prompts,
      String model,
      String output,
      SerializableConfiguration hadoop,
      LongAccumulator done) {
    this.card = card;
    this.settings = settings;
    this.firstFrame = firstFrame;
    this.prompts = prompts;
    this.model = model;
    this.output = output;
    this.hadoop = hadoop;
    this.done = done;
  }

  @Override
  public Iterator<GeneratedVideo> call(Iterator<List<SampleRequest>> batches) throws IOException {
    List<GeneratedVideo> videos = new ArrayList<>();
    if (!batches.hasNext()) {
      return videos.iterator();
    }
    TaskDevice.ofThisTask().bind();
    VideoFiles files = new VideoFiles(new Path(output), hadoop.value(), settings);
    TrainedModel trained = TrainedModel.find(new Path(model), hadoop.value());
    try (PromptReader reader = prompts.reader(hadoop.value());
        WeightSource weights = trained.weights(settings.weights());
        VideoGenerator generator = new VideoGenerator(card, weights, settings, firstFrame)) {
      reader.negative().ifPresent(generator::leadAwayFrom);
      while (batches.hasNext()) {
        List<SampleRequest> batch = batches.next();
        float[] latents = generator.latents(batch, reader.texts(batch));
        for (int i = 0; i < batch.size(); i++) {
          SampleRequest request = batch.get(i);
          Preview frames = generator.preview(latents, i);
          List<String> written = files.write(request.name(), frames);
          SampledVideo video =
              new SampledVideo(
                  request.sample(),
                  request.label(),
                  request.className(),
                  request.number(),
                  written);
          List<RgbImage> preview = request.preview() ? frames.images() : List.of();
          videos.add(new GeneratedVideo(video, request.caption(), preview));
          done.add(1);
        }
      }
    }
    return videos.iterator();
  }
}
