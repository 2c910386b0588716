package org.latte4j.model.training;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.latte4j.model.diffusion.Objective;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LatteWeights;
import org.latte4j.model.latte.ParameterLayout;
import org.latte4j.model.latte.PositionTables;
import org.latte4j.model.weights.ElementType;
import org.latte4j.model.weights.WeightFormatException;
import org.latte4j.model.weights.WeightSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A Latte network as Deeplearning4j's ModelSerializer writes it: a zip archive with the network's
 * configuration and its flat parameters. {@code ModelSerializer.restoreMultiLayerNetwork} restores
 * it, and the network can be trained on.
 *
 * <p>As a source of weights it has the reference's names. The position tables, which Deeplearning4j
 * does not know of, are computed. All parameters are held in memory. Not thread-safe.
 */
public final class NetworkArchive implements WeightSource {
  private static final String CONFIGURATION = ModelSerializer.CONFIGURATION_JSON;
  private static final String COEFFICIENTS = ModelSerializer.COEFFICIENTS_BIN;

  /** ModelSerializer restores an entry through one Java array. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - 64;

  /** Tables that went through half precision differ by so much from computed ones. */
  private static final double TABLE_TOLERANCE = 1e-3;

  private final String description;
  private final LatteConfiguration sizes;
  private final Prediction prediction;
  private final ParameterLayout layout;
  private final INDArray parameters;

  private NetworkArchive(String description, LatteLayerConfiguration layer, INDArray parameters) {
    this.description = description;
    this.sizes = layer.sizes();
    this.prediction = layer.objective().prediction();
    this.layout = new ParameterLayout(sizes);
    this.parameters = parameters;
  }

  /** Whether a file is an archive of some Deeplearning4j network. */
  public static boolean isOne(Path file) throws IOException {
    try (ZipFile archive = new ZipFile(file.toFile())) {
      return archive.getEntry(CONFIGURATION) != null;
    } catch (ZipException e) {
      return false; // Damaged, or no zip archive at all: for other readers to tell.
    }
  }

  /**
   * Reads an archive.
   *
   * @throws WeightFormatException if it is damaged, or of another network
   */
  public static NetworkArchive open(Path file) throws IOException {
    try (ZipFile archive = new ZipFile(file.toFile())) {
      LatteLayerConfiguration layer = layer(archive, file);
      INDArray parameters = parameters(archive, file);
      long needed = new ParameterLayout(layer.sizes()).length();
      if (parameters.length() != needed) {
        throw new WeightFormatException(
            "%s is damaged: it holds %d parameters, and its network has %d"
                .formatted(file, parameters.length(), needed));
      }
      return new NetworkArchive(file.toString(), layer, parameters);
    } catch (ZipException e) {
      throw damaged(file, e);
    }
  }

  private static LatteLayerConfiguration layer(ZipFile archive, Path file) throws IOException {
    try (InputStream in = archive.getInputStream(entry(archive, CONFIGURATION, file))) {
      String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      MultiLayerConfiguration configuration = MultiLayerConfiguration.fromJson(json);
      if (configuration.getConfs().size() == 1
          && configuration.getConf(0).getLayer() instanceof LatteLayerConfiguration layer) {
        return layer;
      }
    } catch (RuntimeException e) {
      // Deeplearning4j answers broken JSON, and a graph's, with exceptions of many kinds.
      throw new WeightFormatException(
          "%s: its %s is not that of a MultiLayerNetwork (%s)"
              .formatted(file, CONFIGURATION, e.getMessage()),
          e);
    }
    throw new WeightFormatException(file + " holds a Deeplearning4j network, but not Latte");
  }

  private static INDArray parameters(ZipFile archive, Path file) throws IOException {
    ZipEntry entry = entry(archive, COEFFICIENTS, file);
    CRC32 checksum = new CRC32();
    try (DataInputStream data =
        new DataInputStream(
            new BufferedInputStream(
                new CheckedInputStream(archive.getInputStream(entry), checksum)))) {
      INDArray read = Nd4j.read(data);
      data.readAllBytes();
      if (checksum.getValue() != entry.getCrc()) {
        throw damaged(file, new ZipException("the checksum of " + COEFFICIENTS + " is wrong"));
      }
      return read.reshape(read.length());
    } catch (EOFException | RuntimeException e) {
      throw damaged(file, e);
    }
  }

  private static ZipEntry entry(ZipFile archive, String name, Path file) throws IOException {
    ZipEntry entry = archive.getEntry(name);
    if (entry == null) {
      throw new WeightFormatException(
          "%s is not a network of Deeplearning4j: it has no entry %s".formatted(file, name));
    }
    return entry;
  }

  private static WeightFormatException damaged(Path file, Exception cause) {
    return new WeightFormatException(
        "%s is damaged (%s); copy or make it again".formatted(file, cause.getMessage()), cause);
  }

  /**
   * Writes an archive, whole or not at all; a file of this name is replaced. Adam's moments are not
   * in it: a restored network begins with zeros.
   *
   * @param weights of a network of these sizes
   * @param prediction what the network is trained to predict
   * @throws WeightFormatException if they are not, if their position tables are not the computed
   *     ones, for which an archive has no place, or if there are more parameters than
   *     ModelSerializer restores
   */
  public static void write(
      WeightSource weights, LatteConfiguration sizes, Prediction prediction, Path file)
      throws IOException {
    LatteWeights.check(weights, sizes);
    checkTables(weights, sizes);
    ParameterLayout layout = new ParameterLayout(sizes);
    if (layout.length() * Float.BYTES > MOST_BYTES) {
      throw new WeightFormatException(
          "%s has %,d parameters, and Deeplearning4j's ModelSerializer restores at most 2 GiB of them: use safetensors"
              .formatted(weights.description(), layout.length()));
    }
    INDArray parameters = Nd4j.create(DataType.FLOAT, new long[] {1, layout.length()}, 'c');
    INDArray flat = parameters.reshape(layout.length());
    for (ParameterLayout.Parameter parameter : layout.parameters()) {
      interval(flat, parameter).assign(Nd4j.createFromArray(weights.floats(parameter.name())));
    }
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            LatteTrainer.of(sizes).objective(Objective.of(prediction)).configuration());
    network.init(parameters, false);
    Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      ModelSerializer.writeModel(network, unfinished.toFile(), false);
      Files.move(
          unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
      parameters.close();
    }
  }

  private static void checkTables(WeightSource weights, LatteConfiguration sizes)
      throws IOException {
    PositionTables computed = PositionTables.of(sizes);
    PositionTables stored = LatteWeights.positions(weights, sizes);
    checkTable(weights, LatteWeights.SPATIAL_POSITIONS, stored.spatial(), computed.spatial());
    checkTable(weights, LatteWeights.TEMPORAL_POSITIONS, stored.temporal(), computed.temporal());
  }

  private static void checkTable(
      WeightSource weights, String name, float[] stored, float[] computed)
      throws WeightFormatException {
    for (int i = 0; i < stored.length; i++) {
      if (!(Math.abs(stored[i] - computed[i]) <= TABLE_TOLERANCE)) {
        throw new WeightFormatException(
            "%s: its %s is not the table of sines and cosines of this network, and a Deeplearning4j archive has no place for another: use safetensors"
                .formatted(weights.description(), name));
      }
    }
  }

  /** Sizes and architecture of the network. */
  public LatteConfiguration sizes() {
    return sizes;
  }

  /** What the network is trained to predict. */
  public Prediction prediction() {
    return prediction;
  }

  @Override
  public String description() {
    return description;
  }

  /** The fixed tables, then the parameters, as the reference has them. */
  @Override
  public List<String> names() {
    List<String> names =
        new ArrayList<>(List.of(LatteWeights.SPATIAL_POSITIONS, LatteWeights.TEMPORAL_POSITIONS));
    layout.parameters().forEach(parameter -> names.add(parameter.name()));
    return names;
  }

  @Override
  public int[] shape(String name) {
    return switch (name) {
      case LatteWeights.SPATIAL_POSITIONS -> new int[] {1, sizes.tokens(), sizes.hiddenSize()};
      case LatteWeights.TEMPORAL_POSITIONS ->
          new int[] {1, sizes.tokenFrames(), sizes.hiddenSize()};
      default -> layout.parameter(name).sizes();
    };
  }

  @Override
  public ElementType type(String name) {
    return ElementType.F32;
  }

  @Override
  public float[] floats(String name) {
    return switch (name) {
      case LatteWeights.SPATIAL_POSITIONS -> PositionTables.of(sizes).spatial();
      case LatteWeights.TEMPORAL_POSITIONS -> PositionTables.of(sizes).temporal();
      default -> interval(parameters, layout.parameter(name)).dup().data().asFloat();
    };
  }

  private static INDArray interval(INDArray flat, ParameterLayout.Parameter parameter) {
    return flat.get(
        NDArrayIndex.interval(parameter.offset(), parameter.offset() + parameter.length()));
  }

  @Override
  public double[] doubles(String name) {
    float[] floats = floats(name);
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }

  @Override
  public long[] longs(String name) throws WeightFormatException {
    throw new WeightFormatException(
        "array '%s' in %s holds F32 values where whole numbers are needed"
            .formatted(name, description));
  }

  @Override
  public void close() {
    parameters.close();
  }
}
