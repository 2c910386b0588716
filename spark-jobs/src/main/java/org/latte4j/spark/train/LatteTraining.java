package org.latte4j.spark.train;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.clip.ClipCatalog;
import org.latte4j.data.clip.ClipWindow;
import org.latte4j.data.clip.ImageCatalog;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.TextEncoding;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.card.ModelCardFile;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LattePlan;
import org.latte4j.model.latte.LatteSettings;
import org.latte4j.model.latte.LatteWeights;
import org.latte4j.model.latte.ParameterLayout;
import org.latte4j.model.latte.PositionTables;
import org.latte4j.model.latte.TextConditioning;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.model.training.LatteTrainer;
import org.latte4j.spark.averaging.ParameterTensor;
import org.latte4j.spark.checkpoint.FixedTable;
import org.latte4j.spark.preflight.ReplicaMemory;
import org.latte4j.spark.start.StartReport;
import org.latte4j.spark.start.StartReportFile;

/** Latte on the clips of latent shards, and on images of the same videos if settings ask for it. */
final class LatteTraining implements Training<LatteRunDescription, TrainerReplica<LatteTrainer>> {
  private final Settings settings;
  private final TrainSettings train;
  private final LatentShards shards;
  private final ModelCard described;
  private final ImageSource images;
  private final Configuration hadoop;

  private LatteTraining(
      Settings settings,
      LatentShards shards,
      ModelCard described,
      ImageSource images,
      Configuration hadoop) {
    this.settings = settings;
    this.train = TrainSettings.from(settings);
    this.shards = shards;
    this.described = described;
    this.images = images;
    this.hadoop = hadoop;
  }

  /**
   * Opens the shards.
   *
   * @throws SettingsException if the shards are not for such a network
   * @throws IOException if shards or the list of images cannot be read
   */
  static LatteTraining open(Settings settings, Path folder, Configuration hadoop)
      throws IOException {
    TrainSettings train = TrainSettings.from(settings);
    LatentShards shards = LatentShards.open(folder, hadoop);
    shards.verifyLengths();
    checkText(settings, shards.manifest().text());
    ModelCard described = ManifestModel.card(settings, shards.manifest());
    checkImages(train, described.network());
    ImageSource images = ImageSource.of(train.images(), hadoop);
    return new LatteTraining(settings, shards, described, images, hadoop);
  }

  /** The network's text is of the size of CLIP's, whatever the shards hold. */
  private static void checkText(Settings settings, TextEncoding text) {
    boolean told = LatteSettings.architecture(settings).text() != TextConditioning.NONE;
    boolean fits =
        text.tokens() == TextConditioning.TOKENS && text.width() == TextConditioning.WIDTH;
    if (told && !fits) {
      throw settings.invalid(
          "model.text",
          "none for these shards: their text embeddings are %s, and clip needs %d x %d (source.text-embeddings)"
              .formatted(text, TextConditioning.TOKENS, TextConditioning.WIDTH));
    }
  }

  /** An image is one frame, which not every architecture takes. */
  private static void checkImages(TrainSettings train, LatteConfiguration sizes) {
    try {
      sizes.checkImages(train.images().perClip());
    } catch (IllegalArgumentException e) {
      throw new SettingsException("train.images: " + e.getMessage(), e);
    }
  }

  @Override
  public List<ParameterTensor> tensors() {
    return ParameterTensor.of(new ParameterLayout(described.network()));
  }

  @Override
  public RunIdentity identity() {
    return RunIdentity.of(settings, images.identity(shards.manifest().fingerprint()));
  }

  @Override
  public RunSetup<LatteRunDescription, TrainerReplica<LatteTrainer>> setUp(RunPoint from)
      throws IOException {
    RunStart start =
        from.newest().isPresent()
            ? RunStart.goingOn(described, from.newest().get(), hadoop)
            : RunStart.begin(described, settings, hadoop);
    LatteRunDescription run =
        new LatteRunDescription(
            from.output(),
            train,
            start.model(),
            from.parameters(),
            shards,
            catalog(start.model()),
            from.history(),
            from.finishedRounds(),
            start.report());
    LatteConfiguration sizes = run.model().network();
    LattePlan plan = new LattePlan(train.passSamples(), train.images().perClip(), train.purpose());
    return new RunSetup<>(
        run,
        ReplicaMemory.training(sizes, plan),
        new LatteLocalSteps(run, images, new SerializableConfiguration(hadoop)),
        start.initialState(settings, train.seed(), hadoop),
        tables(sizes),
        documents(run.model(), start.report()),
        warnings());
  }

  private ClipCatalog catalog(ModelCard model) throws IOException {
    ClipWindow window = new ClipWindow(model.network().latent().frames(), train.frameInterval());
    ClipCatalog catalog = ClipCatalog.withoutHeldOut(shards.manifest(), window, train.heldOut());
    if (train.workers() > catalog.size()) {
      throw settings.invalid(
          "train.workers",
          "at most the number of videos to train on (%d): some would have nothing of their own to do"
              .formatted(catalog.size()));
    }
    return catalog;
  }

  /** Lists are made for whole data sets, and shards may hold a part: not an error. */
  private List<String> warnings() throws IOException {
    Manifest manifest = shards.manifest();
    Optional<ImageCatalog> catalog = images.open(manifest, train.heldOut(), hadoop);
    Set<String> unknown = catalog.map(ImageCatalog::unknownVideos).orElse(Set.of());
    return unknown.isEmpty()
        ? List.of()
        : List.of(
            "%s (train.image-list) names %d videos that the shards lack, such as %s; images are drawn from the others"
                .formatted(train.images().list(), unknown.size(), unknown.iterator().next()));
  }

  private static Map<String, String> documents(ModelCard model, Optional<StartReport> start) {
    Map<String, String> documents = new HashMap<>();
    documents.put(ModelCardFile.NAME, ModelCardFile.toJson(model));
    start.ifPresent(report -> documents.put(StartReportFile.NAME, StartReportFile.toJson(report)));
    return documents;
  }

  private static List<FixedTable> tables(LatteConfiguration sizes) {
    PositionTables tables = PositionTables.of(sizes);
    int d = sizes.hiddenSize();
    return List.of(
        new FixedTable(
            LatteWeights.SPATIAL_POSITIONS, List.of(1, sizes.tokens(), d), tables.spatial()),
        new FixedTable(
            LatteWeights.TEMPORAL_POSITIONS,
            List.of(1, sizes.tokenFrames(), d),
            tables.temporal()));
  }
}
