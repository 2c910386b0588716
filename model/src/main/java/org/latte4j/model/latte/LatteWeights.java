package org.latte4j.model.latte;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.parameters.FlatLayout;
import org.latte4j.model.weights.WeightFormatException;
import org.latte4j.model.weights.WeightSource;

/** Reads the reference's weight files into a network's flat vector, and its sizes out of them. */
public final class LatteWeights {
  /** Name of the spatial position table [1, t, D] in files. */
  public static final String SPATIAL_POSITIONS = "pos_embed";

  /** Name of the temporal position table [1, F, D] in files. */
  public static final String TEMPORAL_POSITIONS = "temp_embed";

  private static final Set<String> TABLES = Set.of(SPATIAL_POSITIONS, TEMPORAL_POSITIONS);

  private LatteWeights() {}

  /**
   * The sizes of the reference's network that these weights belong to, as {@link
   * #sizes(WeightSource, Architecture, int, int, int)} says.
   */
  public static LatteConfiguration sizes(WeightSource source, int heads, int height, int width)
      throws WeightFormatException {
    return sizes(source, Architecture.REFERENCE, heads, height, width);
  }

  /**
   * The sizes of the network that these weights belong to. All of them follow from the shapes, but
   * the number of heads, which leaves no trace, and the height and width of a frame, of which only
   * the number of patches does.
   *
   * @param architecture of the network; that it is told a text, the weights say
   * @param heads attention heads
   * @param height H of a latent frame
   * @param width W of a latent frame
   * @throws WeightFormatException if the weights are not Latte's
   * @throws IllegalArgumentException if heads, height or width do not fit the weights
   */
  public static LatteConfiguration sizes(
      WeightSource source, Architecture architecture, int heads, int height, int width)
      throws WeightFormatException {
    Architecture found =
        source.contains("text_embedding_projection.1.weight")
            ? architecture.with(TextConditioning.CLIP)
            : architecture;
    int stride = architecture.temporalStride();
    int[] patch = shape(source, "x_embedder.proj.weight", stride == 1 ? 4 : 5);
    int[] frames = shape(source, TEMPORAL_POSITIONS, 3);
    int[] tokens = shape(source, SPATIAL_POSITIONS, 3);
    int classes = 0;
    if (source.contains("y_embedder.embedding_table.weight")) {
      classes = shape(source, "y_embedder.embedding_table.weight", 2)[0] - 1;
    }
    int p = patch[patch.length - 1];
    if (height % p != 0 || width % p != 0 || (height / p) * (width / p) != tokens[1]) {
      throw new IllegalArgumentException(
          "latent frames of %d x %d make %d patches of %d x %d, but %s was made for %d patches"
              .formatted(
                  height, width, height / p * (width / p), p, p, source.description(), tokens[1]));
    }
    return new LatteConfiguration(
        depth(source),
        patch[0],
        heads,
        p,
        new LatentShape(frames[1] * stride, patch[1], height, width),
        classes,
        found);
  }

  /**
   * D, as the weights' shapes tell.
   *
   * @throws WeightFormatException if the weights are not Latte's
   */
  public static int hiddenSize(WeightSource source) throws WeightFormatException {
    return shape(source, "x_embedder.proj.bias", 1)[0];
  }

  /**
   * p, as the weights' shapes tell.
   *
   * @throws WeightFormatException if the weights are not Latte's or DiT's
   */
  public static int patchSize(WeightSource source) throws WeightFormatException {
    String name = "x_embedder.proj.weight";
    // With compression frames the weight has five dimensions; the last is p either way.
    boolean compression = source.contains(name) && source.shape(name).length == 5;
    int[] shape = shape(source, name, compression ? 5 : 4);
    return shape[shape.length - 1];
  }

  /**
   * t: patches of one frame, as the spatial position table tells.
   *
   * @throws WeightFormatException if there is none
   */
  public static int tokens(WeightSource source) throws WeightFormatException {
    return shape(source, SPATIAL_POSITIONS, 3)[1];
  }

  /** The number of blocks that there are weights for. */
  public static int depth(WeightSource source) {
    int depth = 0;
    while (source.contains("blocks." + depth + ".attn.qkv.weight")) {
      depth++;
    }
    return depth;
  }

  private static int[] shape(WeightSource source, String name, int rank)
      throws WeightFormatException {
    if (!source.contains(name)) {
      throw new WeightFormatException(
          "%s holds no %s: these are not the weights of a Latte model"
              .formatted(source.description(), name));
    }
    int[] shape = source.shape(name);
    if (shape.length != rank) {
      throw new WeightFormatException(
          "%s: %s should have %d dimensions, but has shape %s"
              .formatted(source.description(), name, rank, Arrays.toString(shape)));
    }
    return shape;
  }

  /**
   * Copies every parameter into a flat vector.
   *
   * @param flat [P] in the order of {@link ParameterLayout}
   * @throws WeightFormatException if a parameter is missing, has another shape, or one is not known
   */
  public static void read(
      WeightSource source, LatteConfiguration configuration, Kernels kernels, Tensor flat)
      throws IOException {
    check(source, configuration);
    upload(source, new ParameterLayout(configuration), kernels, flat);
  }

  /** Copies the parameters of a layout into a flat vector in its order. */
  static void upload(WeightSource source, FlatLayout layout, Kernels kernels, Tensor flat)
      throws IOException {
    for (FlatLayout.Parameter parameter : layout.parameters()) {
      kernels.upload(
          source.floats(parameter.name()),
          flat.slice(parameter.offset(), Math.toIntExact(parameter.length())));
    }
  }

  /** Refuses a parameter that the source holds in another shape. */
  static void requireShape(WeightSource source, FlatLayout.Parameter parameter)
      throws WeightFormatException {
    int[] found = source.shape(parameter.name());
    if (!Arrays.equals(found, parameter.sizes())) {
      throw new WeightFormatException(
          "%s: %s has shape %s, but the model needs %s; check the model's sizes"
              .formatted(
                  source.description(),
                  parameter.name(),
                  Arrays.toString(found),
                  parameter.shape()));
    }
  }

  /**
   * Makes sure that these are the weights of a network of these sizes, by names and shapes.
   *
   * @throws WeightFormatException naming the first parameter that does not fit
   */
  public static void check(WeightSource source, LatteConfiguration configuration)
      throws WeightFormatException {
    List<ParameterLayout.Parameter> parameters = new ParameterLayout(configuration).parameters();
    Set<String> unknown = new TreeSet<>(source.names());
    unknown.removeAll(TABLES);
    for (ParameterLayout.Parameter parameter : parameters) {
      unknown.remove(parameter.name());
      if (!source.contains(parameter.name())) {
        throw new WeightFormatException(
            "%s lacks the parameter %s: it belongs to a model of other sizes, or is incomplete"
                .formatted(source.description(), parameter.name()));
      }
      requireShape(source, parameter);
    }
    if (!unknown.isEmpty()) {
      throw new WeightFormatException(
          "%s holds parameters that the model does not have: %s; check the model's sizes"
              .formatted(source.description(), unknown));
    }
  }

  /** The position tables that the file brings, or the computed ones where it brings none. */
  public static PositionTables positions(WeightSource source, LatteConfiguration configuration)
      throws IOException {
    PositionTables computed = PositionTables.of(configuration);
    return new PositionTables(
        table(source, SPATIAL_POSITIONS, computed.spatial()),
        table(source, TEMPORAL_POSITIONS, computed.temporal()));
  }

  private static float[] table(WeightSource source, String name, float[] computed)
      throws IOException {
    if (!source.contains(name)) {
      return computed;
    }
    float[] stored = source.floats(name);
    if (stored.length != computed.length) {
      throw new WeightFormatException(
          "%s: the table %s holds %d values, but the model needs %d"
              .formatted(source.description(), name, stored.length, computed.length));
    }
    return stored;
  }
}
