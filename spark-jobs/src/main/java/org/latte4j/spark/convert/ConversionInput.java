package org.latte4j.spark.convert;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.card.ModelCardFile;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.training.NetworkArchive;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.TorchCheckpoint;
import org.latte4j.model.weights.WeightFormatException;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.model.weights.Weights;
import org.latte4j.spark.checkpoint.TrainedModel;

/**
 * Weights as they are found: a checkpoint of a run, a run (its newest checkpoint), a folder with
 * {@code model.safetensors}, a safetensors file, an index of shards, a torch checkpoint, or a
 * Deeplearning4j network. Folders may lie on any Hadoop file system, single files on a local one.
 */
public final class ConversionInput {
  private final String location;
  private final Set<Part> parts;
  private final Opener opener;
  private final boolean alone;
  private final Optional<TrainedModel> model;
  private final Optional<LatteConfiguration> sizes;
  private final Optional<Prediction> prediction;

  private ConversionInput(
      String location,
      Set<Part> parts,
      Opener opener,
      boolean alone,
      Optional<TrainedModel> model,
      Optional<LatteConfiguration> sizes,
      Optional<Prediction> prediction) {
    this.location = location;
    this.parts = Set.copyOf(parts);
    this.opener = opener;
    this.alone = alone;
    this.model = model;
    this.sizes = sizes;
    this.prediction = prediction;
  }

  @FunctionalInterface
  private interface Opener {
    WeightSource open(Part part) throws IOException;
  }

  /**
   * Looks at what is there.
   *
   * @throws IOException if nothing is, or it is damaged or of no kind that is read
   */
  public static ConversionInput find(String location, Configuration hadoop) throws IOException {
    Path path = new Path(location);
    FileSystem fileSystem = path.getFileSystem(hadoop);
    if (!fileSystem.exists(path)) {
      throw new NoSuchFileException(location, null, "there are no weights of this name");
    }
    boolean isLocal = fileSystem.getScheme().equals("file");
    if (fileSystem.getFileStatus(path).isDirectory()) {
      return isLocal && isForeignFolder(fileSystem, path)
          ? folder(location, local(path))
          : model(location, TrainedModel.find(path, hadoop), fileSystem);
    }
    if (!isLocal) {
      throw new WeightFormatException(
          "%s is a single file on %s: copy it to a local disk first; only folders are read from there"
              .formatted(location, fileSystem.getUri()));
    }
    return file(location, local(path));
  }

  private static java.nio.file.Path local(Path path) {
    return java.nio.file.Path.of(path.toUri().getPath());
  }

  /** A diffusers folder, for one: it has weights of a name that ours do not have. */
  private static boolean isForeignFolder(FileSystem fileSystem, Path path) throws IOException {
    return fileSystem.exists(new Path(path, "diffusion_pytorch_model.safetensors"))
        || fileSystem.exists(new Path(path, "diffusion_pytorch_model.safetensors.index.json"));
  }

  private static ConversionInput folder(String location, java.nio.file.Path folder) {
    return new ConversionInput(
        location,
        EnumSet.of(Part.MODEL),
        part -> Weights.open(folder, part),
        true,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static ConversionInput model(String location, TrainedModel model, FileSystem fileSystem)
      throws IOException {
    // A folder with one set of weights does not say which part it is.
    Set<Part> parts = model.isExport() ? EnumSet.of(Part.MODEL) : EnumSet.allOf(Part.class);
    boolean carded = fileSystem.exists(new Path(model.folder(), ModelCardFile.NAME));
    Optional<ModelCard> card = carded ? Optional.of(model.card()) : Optional.empty();
    return new ConversionInput(
        location,
        parts,
        model::weights,
        false,
        carded ? Optional.of(model) : Optional.empty(),
        card.map(ModelCard::network),
        card.map(ModelCard::prediction));
  }

  private static ConversionInput file(String location, java.nio.file.Path file) throws IOException {
    if (NetworkArchive.isOne(file)) {
      try (NetworkArchive archive = NetworkArchive.open(file)) {
        return new ConversionInput(
            location,
            EnumSet.of(Part.MODEL),
            part -> NetworkArchive.open(file),
            true,
            Optional.empty(),
            Optional.of(archive.sizes()),
            Optional.of(archive.prediction()));
      }
    }
    Set<Part> parts = Weights.isTorch(file) ? TorchCheckpoint.parts(file) : EnumSet.of(Part.MODEL);
    return new ConversionInput(
        location,
        parts,
        part -> Weights.open(file, part),
        true,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** As it was named. */
  public String location() {
    return location;
  }

  /** Whether it is weights and nothing else: a file, or a diffusers folder. */
  public boolean isAlone() {
    return alone;
  }

  /** The sets of weights that can be asked for; a single set counts as the model. */
  public Set<Part> parts() {
    return parts;
  }

  /** Opens one of the sets; the caller closes it. */
  public WeightSource open(Part part) throws IOException {
    return opener.open(part);
  }

  /** The model that a {@code model.json} beside the weights describes. */
  Optional<TrainedModel> model() {
    return model;
  }

  /** Sizes, classes and latents, where a {@code model.json} lies beside the weights. */
  public Optional<ModelCard> card() throws IOException {
    return model.isEmpty() ? Optional.empty() : Optional.of(model.get().card());
  }

  /** The network's sizes, where the input tells all of them. */
  public Optional<LatteConfiguration> sizes() {
    return sizes;
  }

  /** What the network predicts, where the input tells. */
  public Optional<Prediction> prediction() {
    return prediction;
  }
}
