package org.latte4j.spark.convert;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.card.ModelCardFile;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LatteSettings;
import org.latte4j.model.latte.NetworkWeights;
import org.latte4j.model.latte.T2vWeights;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.model.training.NetworkArchive;
import org.latte4j.model.weights.ElementType;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.SafetensorsExport;
import org.latte4j.model.weights.TorchExport;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.spark.convert.NetworkSizes.FrameSize;

/**
 * Writes weights in another format. Names, order and shapes of arrays stay; in F32 all bits do. The
 * output is whole or not there. For one use, by one thread.
 */
public final class Conversion {
  private static final String WEIGHTS = "model.safetensors";

  private final ConversionInput input;
  private final Settings settings;
  private ElementType type = ElementType.F32;
  private Optional<Part> part = Optional.empty();
  private OptionalLong shardBytes = OptionalLong.empty();
  private Optional<FrameSize> frame = Optional.empty();
  private ForeignModel foreign = new ForeignModel("", List.of());

  /**
   * A conversion in full precision.
   *
   * @param settings heads, architecture and prediction are read where the input does not tell them,
   *     and the output needs them
   */
  public Conversion(ConversionInput input, Settings settings) {
    this.input = input;
    this.settings = settings;
  }

  /** Type of the values: F32 (the default), F16 or BF16. */
  public Conversion type(ElementType values) {
    this.type = Objects.requireNonNull(values);
    return this;
  }

  /**
   * The set of weights that is wanted. Without, a torch checkpoint gets all there are, and other
   * outputs the moving average, where there is one: the reference samples with it.
   */
  public Conversion part(Part wanted) {
    this.part = Optional.of(wanted);
    return this;
  }

  /** Most bytes of values in a safetensors file: what is larger becomes shards. */
  public Conversion shardBytes(long most) {
    this.shardBytes = OptionalLong.of(most);
    return this;
  }

  /** Size of a latent frame, for outputs that need it; square if it is not said. */
  public Conversion frame(FrameSize size) {
    this.frame = Optional.of(size);
    return this;
  }

  /** What to say of a model without {@code model.json} in an output folder. */
  public Conversion foreign(ForeignModel model) {
    this.foreign = Objects.requireNonNull(model);
    return this;
  }

  /**
   * Converts.
   *
   * @param output a local path, whose name says the format ({@link OutputFormat})
   * @throws SettingsException if what was said does not fit the output's format
   * @throws IOException if the input cannot be read, or the output not be written
   */
  public ConversionResult to(String output) throws IOException {
    OutputFormat format = OutputFormat.of(output);
    Path target = Path.of(output).toAbsolutePath();
    check(format, target);
    Files.createDirectories(target.getParent());
    if (format == OutputFormat.TORCH) {
      return torch(target);
    }
    Part chosen = part.orElse(input.parts().contains(Part.EMA) ? Part.EMA : Part.MODEL);
    try (WeightSource source = input.open(chosen)) {
      List<Path> files =
          switch (format) {
            case SAFETENSORS -> single(source, target);
            case SHARDED_SAFETENSORS -> shards(source, target);
            case NETWORK_ARCHIVE -> archive(source, target);
            case FOLDER -> folder(source, target);
            case TORCH -> throw new IllegalStateException("written above");
          };
      return result(format, Set.of(chosen), source, files);
    }
  }

  private void check(OutputFormat format, Path target) throws IOException {
    boolean safetensors =
        format == OutputFormat.SAFETENSORS || format == OutputFormat.SHARDED_SAFETENSORS;
    if (shardBytes.isPresent() && !safetensors) {
      throw new SettingsException(
          "--max-shard-size is for safetensors, not for a " + format.title());
    }
    if (format == OutputFormat.NETWORK_ARCHIVE && type != ElementType.F32) {
      throw new SettingsException("a Deeplearning4j network is written in f32: leave out --type");
    }
    if (Files.exists(target) && sameFile(target)) {
      throw new SettingsException("--input and --output are the same file, " + target);
    }
    if (format != OutputFormat.FOLDER && Files.isDirectory(target)) {
      throw new FileAlreadyExistsException(target.toString(), null, "it is a folder");
    }
  }

  private boolean sameFile(Path target) throws IOException {
    Path local = Path.of(input.location().replaceFirst("^file:/+", "/"));
    return Files.exists(local) && Files.isSameFile(local, target);
  }

  private ConversionResult torch(Path target) throws IOException {
    Set<Part> wanted = part.isPresent() ? Set.of(part.get()) : input.parts();
    TreeMap<Part, WeightSource> sources = new TreeMap<>();
    try {
      for (Part each : new TreeSet<>(wanted)) {
        sources.put(each, input.open(each));
      }
      TorchExport.write(sources, type, target);
      return result(OutputFormat.TORCH, wanted, sources.firstEntry().getValue(), List.of(target));
    } finally {
      for (WeightSource source : sources.values()) {
        source.close();
      }
    }
  }

  private List<Path> single(WeightSource source, Path target) throws IOException {
    if (shardBytes.isPresent() && SafetensorsExport.bytes(source, type) > shardBytes.getAsLong()) {
      return shards(source, target.resolveSibling(target.getFileName() + ".index.json"));
    }
    SafetensorsExport.write(source, type, target);
    return List.of(target);
  }

  private List<Path> shards(WeightSource source, Path index) throws IOException {
    return SafetensorsExport.writeShards(source, type, shardBytes.orElse(Long.MAX_VALUE), index);
  }

  private List<Path> archive(WeightSource source, Path target) throws IOException {
    if (T2vWeights.areIn(source)) {
      throw new SettingsException(
          "a LatteT2V is sampled, not trained, and no Deeplearning4j network: write a folder,"
              + " safetensors or a .pt");
    }
    NetworkArchive.write(source, sizes(source), prediction(), target);
    return List.of(target);
  }

  /** Made under another name, then renamed: a folder that is there is whole. */
  private List<Path> folder(WeightSource source, Path target) throws IOException {
    if (Files.exists(target)) {
      throw new FileAlreadyExistsException(
          target.toString(), null, "remove it, or name another folder");
    }
    ModelCard card =
        input.card().isPresent() ? input.card().get() : foreign.card(sizes(source), prediction());
    NetworkWeights.check(source, card.network());
    Path unfinished = target.resolveSibling("." + target.getFileName() + ".tmp");
    List<String> names = List.of(ModelCardFile.NAME, WEIGHTS);
    try {
      Files.createDirectories(unfinished);
      SafetensorsExport.write(source, type, unfinished.resolve(WEIGHTS));
      Files.writeString(unfinished.resolve(ModelCardFile.NAME), ModelCardFile.toJson(card));
      Files.move(unfinished, target);
    } finally {
      for (String name : names) {
        Files.deleteIfExists(unfinished.resolve(name));
      }
      Files.deleteIfExists(unfinished);
    }
    return names.stream().map(target::resolve).toList();
  }

  private LatteConfiguration sizes(WeightSource source) throws IOException {
    return input.sizes().isPresent()
        ? input.sizes().get()
        : NetworkSizes.of(source, settings, frame);
  }

  private Prediction prediction() {
    return input.prediction().orElse(LatteSettings.prediction(settings));
  }

  private ConversionResult result(
      OutputFormat format, Set<Part> parts, WeightSource source, List<Path> files)
      throws IOException {
    long bytes = 0;
    List<String> written = new ArrayList<>();
    for (Path file : files) {
      bytes += Files.size(file);
      written.add(file.toString());
    }
    return new ConversionResult(
        input.location(),
        format.title(),
        new TreeSet<>(parts).stream().map(Part::key).toList(),
        type.name().toLowerCase(Locale.ROOT),
        source.names().size(),
        SafetensorsExport.bytes(source, ElementType.F32) / ElementType.F32.bytes(),
        written,
        bytes);
  }
}
