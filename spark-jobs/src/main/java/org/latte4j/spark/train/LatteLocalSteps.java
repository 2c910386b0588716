package org.latte4j.spark.train;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.latte4j.data.clip.ClipCatalog;
import org.latte4j.data.clip.ClipReader;
import org.latte4j.data.clip.ClipWindow;
import org.latte4j.data.clip.ImageCatalog;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.ShardFormatException;
import org.latte4j.model.diffusion.Objective;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.training.LatteTrainer;

/**
 * A worker's steps on Latte. Clips, images, noise, timesteps and dropped labels all follow from the
 * seed and the number of the sample in the run.
 */
final class LatteLocalSteps extends TrainerSteps<LatteTrainer> {
  private static final long serialVersionUID = 1L;

  private final LatteConfiguration sizes;
  private final Objective objective;
  private final String shards;
  private final String manifestFingerprint;
  private final ImageSource images;
  private final SerializableConfiguration hadoop;

  LatteLocalSteps(LatteRunDescription run, ImageSource images, SerializableConfiguration hadoop) {
    super(run.settings(), run.plan());
    this.sizes = run.model().network();
    this.objective = new Objective(run.model().prediction(), settings().minSnrGamma());
    this.shards = run.shards().folder().toString();
    this.manifestFingerprint = run.shards().manifest().fingerprint();
    this.images = images;
    this.hadoop = hadoop;
  }

  @Override
  protected LatteTrainer newTrainer() {
    List<TrainingListener> listeners = NetworkListeners.of(settings().listeners());
    LatteTrainer trainer =
        LatteTrainer.of(sizes)
            .objective(objective)
            .learningRate(settings().learningRateSchedule(plan()))
            .clipping(settings().clipNorm(), settings().clipStartStep())
            .microBatch(settings().passSamples())
            .images(settings().images().perClip())
            .purpose(settings().purpose())
            .threads(settings().threadsPerWorker())
            .build(settings().stepSamples());
    trainer.network().setListeners(listeners);
    return trainer;
  }

  @Override
  protected Batches<LatteTrainer> open(LatteTrainer trainer) throws IOException {
    LatentShards opened = LatentShards.open(new Path(shards), hadoop.value());
    Manifest manifest = opened.manifest();
    String found = manifest.fingerprint();
    if (!found.equals(manifestFingerprint)) {
      throw new ShardFormatException(
          "the manifest of %s has changed since the job began (%s, was %s): start the job again"
              .formatted(shards, found, manifestFingerprint));
    }
    ClipWindow window = new ClipWindow(sizes.latent().frames(), settings().frameInterval());
    ClipCatalog catalog = ClipCatalog.withoutHeldOut(manifest, window, settings().heldOut());
    Optional<ImageCatalog> imageCatalog =
        images.open(manifest, settings().heldOut(), hadoop.value());
    ClipReader clips = new ClipReader(opened, catalog, settings().seed(), settings().cacheBytes());
    return new BatchReader(settings(), sizes, plan(), clips, imageCatalog.map(clips::images));
  }
}
