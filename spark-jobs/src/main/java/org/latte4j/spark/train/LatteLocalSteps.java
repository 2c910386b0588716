package org.latte4j.spark.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.latte4j.data.clip.ClipCatalog;
import org.latte4j.data.clip.ClipReader;
import org.latte4j.data.clip.ClipWindow;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.ShardFormatException;
import org.latte4j.model.diffusion.NoiseSchedule;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;
import org.latte4j.model.training.LatteTrainer;
import org.latte4j.model.training.StepResult;
import org.latte4j.spark.averaging.ActivityReport;
import org.latte4j.spark.averaging.LocalResult;
import org.latte4j.spark.averaging.LocalSteps;
import org.latte4j.spark.averaging.StepMetrics;

/**
 * A worker's k optimiser steps of a round. Clips, noise, timesteps and dropped labels all follow
 * from the seed and the number of the sample in the run.
 */
final class LatteLocalSteps implements LocalSteps<LatteReplica> {
  private static final long serialVersionUID = 1L;

  private final TrainSettings settings;
  private final LatteConfiguration sizes;
  private final String shards;
  private final String manifestFingerprint;
  private final TrainingPlan plan;
  private final SerializableConfiguration hadoop;

  LatteLocalSteps(RunDescription run, SerializableConfiguration hadoop) {
    this.settings = run.settings();
    this.sizes = run.model().network();
    this.shards = run.shards().folder().toString();
    this.manifestFingerprint = run.shards().manifest().fingerprint();
    this.plan = run.plan();
    this.hadoop = hadoop;
  }

  @Override
  public int stepsPerRound() {
    return settings.localSteps();
  }

  @Override
  public LatteReplica newReplica() {
    List<TrainingListener> listeners = NetworkListeners.of(settings.listeners());
    LatteTrainer trainer =
        LatteTrainer.of(sizes)
            .learningRate(settings.learningRateSchedule(plan))
            .clipping(settings.clipNorm(), settings.clipStartStep())
            .microBatch(settings.passSamples())
            .purpose(settings.purpose())
            .threads(settings.threadsPerWorker())
            .build(settings.stepSamples());
    try {
      trainer.network().setListeners(listeners);
      return new LatteReplica(trainer, clips());
    } catch (IOException e) {
      trainer.close();
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private ClipReader clips() throws IOException {
    LatentShards opened = LatentShards.open(new Path(shards), hadoop.value());
    String found = opened.manifest().fingerprint();
    if (!found.equals(manifestFingerprint)) {
      throw new ShardFormatException(
          "the manifest of %s has changed since the job began (%s, was %s): start the job again"
              .formatted(shards, found, manifestFingerprint));
    }
    ClipWindow window = new ClipWindow(sizes.latent().frames(), settings.frameInterval());
    return new ClipReader(
        opened,
        ClipCatalog.withoutHeldOut(opened.manifest(), window, settings.heldOut()),
        settings.seed(),
        settings.cacheBytes());
  }

  @Override
  public LocalResult run(LatteReplica replica, int worker, long round) throws IOException {
    int samples = settings.stepSamples();
    Batch batch = new Batch(sizes, samples);
    List<StepMetrics> steps = new ArrayList<>();
    double dataSeconds = 0;
    replica.trainer().step(Math.toIntExact(plan.position(round).step()));
    if (settings.updaterState() == UpdaterState.RESET) {
      replica.trainer().resetUpdater();
    }
    for (int step = 0; step < settings.localSteps(); step++) {
      long begin = System.nanoTime();
      for (int item = 0; item < samples; item++) {
        batch.draw(item, plan.visit(worker, round, step, item), replica.clips());
      }
      dataSeconds += (System.nanoTime() - begin) / 1e9;
      StepResult result = replica.trainer().step(batch.starts, batch.noises, batch.t, batch.y);
      steps.add(new StepMetrics(result.loss(), result.gradientNorm()));
      ActivityReport.step();
      if (!result.finite() && settings.nonFinite() == NonFinitePolicy.STOP) {
        break;
      }
    }
    return new LocalResult(steps, (long) steps.size() * samples, dataSeconds);
  }

  /** The samples of one step. */
  private final class Batch {
    private final int length;
    private final int nullLabel;
    private final float[] starts;
    private final float[] noises;
    private final int[] t;
    private final int[] y;

    Batch(LatteConfiguration configuration, int size) {
      this.length = configuration.latent().length();
      this.nullLabel = configuration.nullLabel();
      this.starts = new float[size * length];
      this.noises = new float[size * length];
      this.t = new int[size];
      this.y = new int[configuration.conditional() ? size : 0];
    }

    void draw(int item, TrainingPlan.Visit visit, ClipReader clips) throws IOException {
      int label = clips.read(visit, starts, item * length);
      stream(Purpose.NOISE, visit).normals(noises, item * length, length);
      t[item] = stream(Purpose.TIMESTEP, visit).below(NoiseSchedule.STEPS);
      if (y.length > 0) {
        boolean dropped = stream(Purpose.LABEL_DROPOUT, visit).chance(settings.labelDropout());
        y[item] = dropped ? nullLabel : label;
      }
    }

    private RandomStream stream(Purpose purpose, TrainingPlan.Visit visit) {
      return RandomStream.of(settings.seed(), purpose, visit.sample());
    }
  }
}
