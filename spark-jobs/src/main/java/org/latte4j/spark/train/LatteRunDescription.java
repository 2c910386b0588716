package org.latte4j.spark.train;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.clip.ClipCatalog;
import org.latte4j.data.clip.ClipDraw;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.model.card.ModelCard;
import org.latte4j.spark.start.StartReport;

/**
 * The training of Latte as it begins. An epoch goes through videos: one clip of each.
 *
 * @param output the run's folder
 * @param settings of the run
 * @param model sizes, classes and latents
 * @param parameters trainable values
 * @param shards that are trained on
 * @param catalog the videos that clips are drawn from
 * @param history settings that the run has had
 * @param finishedRounds that the checkpoint to go on from has gone through; 0 for a new run
 * @param start what the network has of the weights it began with; empty if it began fresh
 */
public record LatteRunDescription(
    Path output,
    TrainSettings settings,
    ModelCard model,
    long parameters,
    LatentShards shards,
    ClipCatalog catalog,
    SettingsHistory history,
    long finishedRounds,
    Optional<StartReport> start)
    implements RunDescription {

  @Override
  public String dataFingerprint() {
    return shards.manifest().fingerprint();
  }

  @Override
  public int items() {
    return catalog.size();
  }

  @Override
  public int videos() {
    return catalog.size();
  }

  @Override
  public int heldOutVideos() throws IOException {
    return settings.heldOut().isNone()
        ? 0
        : ClipCatalog.heldOut(shards.manifest(), catalog.window(), settings.heldOut()).size();
  }

  @Override
  public String drawn(TrainingPlan.Visit visit) {
    ClipDraw clip = ClipDraw.of(catalog, settings.seed(), visit);
    return "%s from frame %d%s"
        .formatted(clip.source(), clip.start(), clip.flipped() ? ", mirrored" : "");
  }

  @Override
  public List<String> origin() {
    return start.map(StartReport::lines).orElse(List.of());
  }

  @Override
  public List<String> lossTerms() {
    return List.of();
  }

  @Override
  public List<String> command() {
    return List.of("train", "--shards", shards.folder().toString());
  }
}
