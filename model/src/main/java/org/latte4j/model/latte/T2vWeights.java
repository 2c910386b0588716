package org.latte4j.model.latte;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.parameters.FlatLayout.Parameter;
import org.latte4j.model.weights.WeightFormatException;
import org.latte4j.model.weights.WeightSource;

/** Reads the released LatteT2V's weights, and its sizes out of them. */
public final class T2vWeights {
  private static final String CAPTION = "caption_projection.linear_1.weight";
  private static final String PATCHES = "pos_embed.proj.weight";

  /** PixArt-alpha's embedding of no text, which LatteT2V does not use; files may still hold it. */
  private static final Set<String> UNUSED = Set.of("caption_projection.y_embedding");

  private static final int MOST_NAMES = 4;

  private T2vWeights() {}

  /** Whether these are the weights of a model of this kind, by their names. */
  public static boolean areIn(WeightSource source) {
    return source.contains(CAPTION) && source.contains(PATCHES);
  }

  /**
   * The sizes of the model that weights belong to.
   *
   * @param heads attention heads, which leave no trace in weights
   * @param frames of a clip, likewise
   * @param height of a latent frame, likewise
   * @param width of a latent frame, likewise
   * @throws WeightFormatException if the weights are none of LatteT2V
   * @throws IllegalArgumentException if what was said does not fit the weights
   */
  public static T2vConfiguration sizes(
      WeightSource source, int heads, int frames, int height, int width)
      throws WeightFormatException {
    int[] patch = shape(source, PATCHES, 4);
    int layers = 0;
    while (source.contains(T2vLayout.spatialBlock(layers) + ".scale_shift_table")) {
      layers++;
    }
    if (layers == 0) {
      throw new WeightFormatException(
          "%s holds no %s.scale_shift_table: these are not the weights of LatteT2V"
              .formatted(source.description(), T2vLayout.spatialBlock(0)));
    }
    return T2vConfiguration.of(
        layers,
        patch[0],
        heads,
        patch[3],
        new LatentShape(frames, patch[1], height, width),
        textWidth(source));
  }

  /**
   * Values of a text's token, as the weights' shapes tell.
   *
   * @throws WeightFormatException if the weights are none of LatteT2V
   */
  public static int textWidth(WeightSource source) throws WeightFormatException {
    return shape(source, CAPTION, 2)[1];
  }

  /**
   * D, as the weights' shapes tell.
   *
   * @throws WeightFormatException if the weights are none of LatteT2V
   */
  public static int hiddenSize(WeightSource source) throws WeightFormatException {
    return shape(source, PATCHES, 4)[0];
  }

  private static int[] shape(WeightSource source, String name, int rank)
      throws WeightFormatException {
    int[] shape = source.contains(name) ? source.shape(name) : new int[0];
    if (shape.length != rank) {
      throw new WeightFormatException(
          "%s: %s should have %d dimensions, but %s: these are not the weights of LatteT2V"
              .formatted(
                  source.description(),
                  name,
                  rank,
                  shape.length == 0 ? "is not there" : "has shape " + Arrays.toString(shape)));
    }
    return shape;
  }

  /**
   * Makes sure that these are the weights of a model of these sizes, by names and shapes.
   *
   * @throws WeightFormatException naming what is missing, what is not the model's, or the first
   *     shape that differs
   */
  public static void check(WeightSource source, T2vConfiguration configuration)
      throws WeightFormatException {
    Set<String> unexpected = new TreeSet<>(source.names());
    unexpected.removeAll(UNUSED);
    List<String> missing = new ArrayList<>();
    List<Parameter> parameters = new T2vLayout(configuration).parameters();
    for (Parameter parameter : parameters) {
      if (!unexpected.remove(parameter.name())) {
        missing.add(parameter.name());
      }
    }
    if (!missing.isEmpty() || !unexpected.isEmpty()) {
      throw new WeightFormatException(
          "%s is not a LatteT2V of %d layers: it lacks %s, and holds %s, which the model does not have"
              .formatted(
                  source.description(),
                  configuration.layers(),
                  some(missing),
                  some(new ArrayList<>(unexpected))));
    }
    for (Parameter parameter : parameters) {
      LatteWeights.requireShape(source, parameter);
    }
  }

  private static String some(List<String> names) {
    if (names.isEmpty()) {
      return "nothing";
    }
    String first = String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())));
    return names.size() <= MOST_NAMES
        ? first
        : "%s and %d more".formatted(first, names.size() - MOST_NAMES);
  }

  /**
   * Copies every parameter into a flat vector.
   *
   * @param flat [P] in the order of {@link T2vLayout}
   * @throws WeightFormatException as {@link #check}
   */
  static void read(
      WeightSource source, T2vConfiguration configuration, Kernels kernels, Tensor flat)
      throws IOException {
    check(source, configuration);
    LatteWeights.upload(source, new T2vLayout(configuration), kernels, flat);
  }
}
