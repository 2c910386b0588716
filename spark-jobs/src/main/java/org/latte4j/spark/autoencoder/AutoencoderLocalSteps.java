package org.latte4j.spark.autoencoder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.data.frames.FrameManifest;
import org.latte4j.model.autoencoder.AutoencoderStep;
import org.latte4j.model.autoencoder.AutoencoderTrainer;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;
import org.latte4j.spark.averaging.ActivityReport;
import org.latte4j.spark.averaging.LocalResult;
import org.latte4j.spark.averaging.LocalSteps;
import org.latte4j.spark.averaging.StepMetrics;
import org.latte4j.spark.train.NonFinitePolicy;
import org.latte4j.spark.train.TrainSettings;
import org.latte4j.spark.train.UpdaterState;

/**
 * A worker's k optimiser steps of a round on an autoencoder. Frames, crops and the noise of the
 * posterior follow from the seed and the number of the sample in the run.
 */
final class AutoencoderLocalSteps implements LocalSteps<AutoencoderReplica> {
  private static final long serialVersionUID = 1L;

  private final TrainSettings train;
  private final AutoencoderSettings settings;
  private final FrameSource source;
  private final TrainingPlan plan;

  AutoencoderLocalSteps(
      TrainSettings train, AutoencoderSettings settings, FrameSource source, TrainingPlan plan) {
    this.train = train;
    this.settings = settings;
    this.source = source;
    this.plan = plan;
  }

  @Override
  public int stepsPerRound() {
    return train.localSteps();
  }

  @Override
  public long firstStep(long round) {
    return plan.position(round).step();
  }

  @Override
  public AutoencoderReplica newReplica() {
    AutoencoderTrainer trainer =
        AutoencoderTrainer.of(settings.network())
            .learningRate(train.learningRateSchedule(plan))
            .klWeight(settings.klWeight())
            .clipping(train.clipNorm(), train.clipStartStep())
            .threads(train.threadsPerWorker())
            .build(settings.crop(), train.stepSamples());
    try {
      FrameManifest manifest = source.manifest();
      return new AutoencoderReplica(
          trainer,
          new FrameCrops(
              source.training(manifest),
              source.reader(manifest, train.cacheBytes()),
              settings,
              train.seed()));
    } catch (IOException e) {
      trainer.close();
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public LocalResult run(AutoencoderReplica replica, int worker, long round) throws IOException {
    AutoencoderTrainer trainer = replica.trainer();
    int samples = train.stepSamples();
    float[] images = new float[samples * trainer.imageLength()];
    float[] noise = new float[samples * trainer.latentLength()];
    List<StepMetrics> steps = new ArrayList<>();
    double dataSeconds = 0;
    trainer.step(Math.toIntExact(plan.position(round).step()));
    if (train.updaterState() == UpdaterState.RESET) {
      trainer.resetUpdater();
    }
    for (int step = 0; step < train.localSteps(); step++) {
      long begin = System.nanoTime();
      for (int item = 0; item < samples; item++) {
        TrainingPlan.Visit visit = plan.visit(worker, round, step, item);
        replica.frames().read(visit, images, item * trainer.imageLength());
        RandomStream.of(train.seed(), Purpose.POSTERIOR, visit.sample())
            .normals(noise, item * trainer.latentLength(), trainer.latentLength());
      }
      dataSeconds += (System.nanoTime() - begin) / 1e9;
      AutoencoderStep result = trainer.step(images, noise);
      steps.add(
          new StepMetrics(
              result.loss(),
              result.gradientNorm(),
              List.of(result.reconstruction(), result.divergence())));
      ActivityReport.step();
      if (!result.finite() && train.nonFinite() == NonFinitePolicy.STOP) {
        break;
      }
    }
    return new LocalResult(steps, (long) steps.size() * samples, dataSeconds);
  }
}
