package org.latte4j.spark.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.latte4j.data.clip.ClipCatalog;
import org.latte4j.data.clip.ClipReader;
import org.latte4j.data.clip.ClipWindow;
import org.latte4j.data.clip.ImageCatalog;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.ShardFormatException;
import org.latte4j.model.diffusion.Objective;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.training.LatteTrainer;
import org.latte4j.model.training.StepResult;
import org.latte4j.spark.averaging.ActivityReport;
import org.latte4j.spark.averaging.LocalResult;
import org.latte4j.spark.averaging.LocalSteps;
import org.latte4j.spark.averaging.StepMetrics;

/**
 * A worker's k optimiser steps of a round. Clips, images, noise, timesteps and dropped labels all
 * follow from the seed and the number of the sample in the run.
 */
final class LatteLocalSteps implements LocalSteps<LatteReplica> {
  private static final long serialVersionUID = 1L;

  private final TrainSettings settings;
  private final LatteConfiguration sizes;
  private final Objective objective;
  private final String shards;
  private final String manifestFingerprint;
  private final TrainingPlan plan;
  private final ImageSource images;
  private final SerializableConfiguration hadoop;

  LatteLocalSteps(LatteRunDescription run, ImageSource images, SerializableConfiguration hadoop) {
    this.settings = run.settings();
    this.sizes = run.model().network();
    this.objective = new Objective(run.model().prediction(), settings.minSnrGamma());
    this.shards = run.shards().folder().toString();
    this.manifestFingerprint = run.shards().manifest().fingerprint();
    this.plan = run.plan();
    this.images = images;
    this.hadoop = hadoop;
  }

  @Override
  public int stepsPerRound() {
    return settings.localSteps();
  }

  @Override
  public long firstStep(long round) {
    return plan.position(round).step();
  }

  @Override
  public LatteReplica newReplica() {
    List<TrainingListener> listeners = NetworkListeners.of(settings.listeners());
    LatteTrainer trainer =
        LatteTrainer.of(sizes)
            .objective(objective)
            .learningRate(settings.learningRateSchedule(plan))
            .clipping(settings.clipNorm(), settings.clipStartStep())
            .microBatch(settings.passSamples())
            .images(settings.images().perClip())
            .purpose(settings.purpose())
            .threads(settings.threadsPerWorker())
            .build(settings.stepSamples());
    try {
      trainer.network().setListeners(listeners);
      return new LatteReplica(trainer, batches());
    } catch (IOException e) {
      trainer.close();
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private BatchReader batches() throws IOException {
    LatentShards opened = LatentShards.open(new Path(shards), hadoop.value());
    Manifest manifest = opened.manifest();
    String found = manifest.fingerprint();
    if (!found.equals(manifestFingerprint)) {
      throw new ShardFormatException(
          "the manifest of %s has changed since the job began (%s, was %s): start the job again"
              .formatted(shards, found, manifestFingerprint));
    }
    ClipWindow window = new ClipWindow(sizes.latent().frames(), settings.frameInterval());
    ClipCatalog catalog = ClipCatalog.withoutHeldOut(manifest, window, settings.heldOut());
    Optional<ImageCatalog> imageCatalog = images.open(manifest, settings.heldOut(), hadoop.value());
    ClipReader clips = new ClipReader(opened, catalog, settings.seed(), settings.cacheBytes());
    return new BatchReader(settings, sizes, plan, clips, imageCatalog.map(clips::images));
  }

  @Override
  public LocalResult run(LatteReplica replica, int worker, long round) throws IOException {
    int samples = settings.stepSamples();
    List<StepMetrics> steps = new ArrayList<>();
    double dataSeconds = 0;
    replica.trainer().step(Math.toIntExact(firstStep(round)));
    if (settings.updaterState() == UpdaterState.RESET) {
      replica.trainer().resetUpdater();
    }
    for (int step = 0; step < settings.localSteps(); step++) {
      long begin = System.nanoTime();
      Batch batch = replica.batches().batch(worker, round, step);
      dataSeconds += (System.nanoTime() - begin) / 1e9;
      StepResult result = batch.step(replica.trainer());
      steps.add(new StepMetrics(result.loss(), result.gradientNorm()));
      ActivityReport.step();
      if (!result.finite() && settings.nonFinite() == NonFinitePolicy.STOP) {
        break;
      }
    }
    return new LocalResult(steps, (long) steps.size() * samples, dataSeconds);
  }
}
