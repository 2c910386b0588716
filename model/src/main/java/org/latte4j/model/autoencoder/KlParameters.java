package org.latte4j.model.autoencoder;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.latte4j.model.autoencoder.DiffusersVaeLayout.AttentionNames;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.weights.WeightFormatException;
import org.latte4j.model.weights.WeightSource;

/** Reads an AutoencoderKL's parameters, after checking that all of them are there and fit. */
final class KlParameters {
  private static final int NAMES_SHOWN = 4;

  private final WeightSource source;
  private final Map<String, int[]> layout;
  private final AttentionNames attentionNames;

  private KlParameters(WeightSource source, AutoencoderKlConfig config) {
    this.source = source;
    this.layout = DiffusersVaeLayout.of(config);
    this.attentionNames =
        source.names().stream().anyMatch(name -> name.endsWith(".query.weight"))
            ? AttentionNames.LEGACY
            : AttentionNames.CURRENT;
  }

  /**
   * Checks names and shapes; reads no values.
   *
   * @throws WeightFormatException naming what is missing, unexpected or of another shape
   */
  static void check(WeightSource source, AutoencoderKlConfig config) throws WeightFormatException {
    KlParameters parameters = new KlParameters(source, config);
    parameters.checkNames();
    parameters.checkShapes();
  }

  /**
   * All parameters by their current name, in tensors of {@code arena}. Names and shapes must have
   * been {@link #check checked}.
   */
  static Map<String, Tensor> read(
      WeightSource source, AutoencoderKlConfig config, Kernels kernels, Arena arena)
      throws IOException {
    KlParameters parameters = new KlParameters(source, config);
    KlParameterLayout layout = new KlParameterLayout(config);
    Map<String, Tensor> tensors = layout.views(arena.allocate(Math.toIntExact(layout.length())));
    for (String name : parameters.layout.keySet()) {
      kernels.upload(parameters.values(name), tensors.get(name));
    }
    return tensors;
  }

  private void checkNames() throws WeightFormatException {
    List<String> expected = layout.keySet().stream().map(attentionNames::ofCurrent).toList();
    List<String> found = source.names();
    List<String> differences = new ArrayList<>();
    some("missing", expected.stream().filter(notIn(found)).toList()).ifPresent(differences::add);
    some("unexpected", found.stream().filter(notIn(expected)).toList()).ifPresent(differences::add);
    if (!differences.isEmpty()) {
      throw new WeightFormatException(
          "%s: its parameters are not those that config.json asks for: %s"
              .formatted(source.description(), String.join(", ", differences)));
    }
  }

  private void checkShapes() throws WeightFormatException {
    for (Map.Entry<String, int[]> parameter : layout.entrySet()) {
      String name = attentionNames.ofCurrent(parameter.getKey());
      int[] shape = source.shape(name);
      if (!Arrays.equals(shape, parameter.getValue())) {
        throw new WeightFormatException(
            "%s: %s has shape %s, but config.json asks for %s"
                .formatted(
                    source.description(),
                    name,
                    Arrays.toString(shape),
                    Arrays.toString(parameter.getValue())));
      }
    }
  }

  private float[] values(String name) throws IOException {
    String stored = attentionNames.ofCurrent(name);
    float[] values = source.floats(stored);
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new WeightFormatException(
            "%s: %s holds %s; the file is damaged or its training diverged"
                .formatted(source.description(), stored, value));
      }
    }
    return values;
  }

  private static Predicate<String> notIn(List<String> names) {
    return Predicate.not(Set.copyOf(names)::contains);
  }

  private static Optional<String> some(String what, List<String> names) {
    if (names.isEmpty()) {
      return Optional.empty();
    }
    List<String> shown = names.subList(0, Math.min(NAMES_SHOWN, names.size()));
    String rest = names.size() > NAMES_SHOWN ? ", ..." : "";
    return Optional.of(
        "%d %s (%s%s)".formatted(names.size(), what, String.join(", ", shown), rest));
  }
}
