package org.latte4j.spark.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.data.frames.FrameManifest;
import org.latte4j.model.autoencoder.AutoencoderTrainer;
import org.latte4j.model.autoencoder.KlParameterLayout;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.spark.LocalSpark;
import org.latte4j.spark.checkpoint.Checkpoint;
import org.latte4j.spark.checkpoint.CheckpointPart;
import org.latte4j.spark.train.TrainSettings;

/** What the rounds of an autoencoder's training compute, against plain loops. */
class AutoencoderRoundsTest {
  @TempDir Path folder;

  @Test
  void roundsEqualASequentialReferenceBitForBit() throws IOException {
    Settings settings = TinyAutoencoder.settings(Map.of("train.updater-state", "reset"));
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      AutoencoderResult result = TinyAutoencoder.job(spark, settings, folder).execute();
      float[] expected = sequential(spark, settings, folder);
      Checkpoint checkpoint =
          Checkpoint.open(
              new org.apache.hadoop.fs.Path(result.training().checkpoint()),
              spark.hadoopConfiguration());
      try (WeightSource model = checkpoint.weights(CheckpointPart.MODEL)) {
        for (KlParameterLayout.Parameter parameter : layout(settings).parameters()) {
          float[] values = model.floats(parameter.name());
          for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).isEqualTo(expected[(int) parameter.offset() + i]);
          }
        }
      }
    }
  }

  /** The same rounds without Spark: workers one after the other, then the mean. */
  private static float[] sequential(JavaSparkContext spark, Settings settings, Path run)
      throws IOException {
    TrainSettings train = TrainSettings.from(settings);
    AutoencoderSettings autoencoder = AutoencoderSettings.from(settings, 16);
    FrameManifest frames = TinyAutoencoder.frames(run);
    FrameSource source =
        new FrameSource(
            run.resolve("frames").toString(),
            frames.fingerprint(),
            autoencoder,
            new SerializableConfiguration(spark.hadoopConfiguration()));
    TrainingPlan plan = train.plan(source.training(frames).size());
    int length = (int) layout(settings).length();
    float[] averaged = new float[length];
    for (KlParameterLayout.Parameter parameter : layout(settings).parameters()) {
      float[] values = parameter.initialValues(train.seed());
      System.arraycopy(values, 0, averaged, (int) parameter.offset(), values.length);
    }
    for (int round = 0; round < train.rounds(); round++) {
      double[] sum = new double[length];
      for (int worker = 0; worker < train.workers(); worker++) {
        float[] trained = localSteps(train, autoencoder, source, plan, averaged, worker, round);
        for (int i = 0; i < length; i++) {
          sum[i] += trained[i];
        }
      }
      for (int i = 0; i < length; i++) {
        averaged[i] = (float) (sum[i] / train.workers());
      }
    }
    return averaged;
  }

  private static float[] localSteps(
      TrainSettings train,
      AutoencoderSettings autoencoder,
      FrameSource source,
      TrainingPlan plan,
      float[] parameters,
      int worker,
      int round)
      throws IOException {
    FrameManifest frames = source.manifest();
    try (FrameCrops crops =
            new FrameCrops(
                source.training(frames), source.reader(frames, 0), autoencoder, train.seed());
        AutoencoderTrainer trainer =
            AutoencoderTrainer.of(autoencoder.network())
                .learningRate(train.learningRateSchedule(plan))
                .klWeight(autoencoder.klWeight())
                .clipping(train.clipNorm(), train.clipStartStep())
                .build(autoencoder.crop(), train.stepSamples())) {
      trainer.parameterVector().write(0, FloatBuffer.wrap(parameters.clone()));
      trainer.step(round * train.localSteps());
      trainer.resetUpdater();
      int samples = train.stepSamples();
      for (int step = 0; step < train.localSteps(); step++) {
        float[] images = new float[samples * trainer.imageLength()];
        float[] noise = new float[samples * trainer.latentLength()];
        for (int item = 0; item < samples; item++) {
          TrainingPlan.Visit visit = plan.visit(worker, round, step, item);
          crops.read(visit, images, item * trainer.imageLength());
          RandomStream.of(train.seed(), Purpose.POSTERIOR, visit.sample())
              .normals(noise, item * trainer.latentLength(), trainer.latentLength());
        }
        trainer.step(images, noise);
      }
      FloatBuffer trained = FloatBuffer.allocate(parameters.length);
      trainer.parameterVector().read(0, trained);
      return trained.array();
    }
  }

  private static KlParameterLayout layout(Settings settings) {
    return new KlParameterLayout(AutoencoderSettings.from(settings, 16).network());
  }
}
