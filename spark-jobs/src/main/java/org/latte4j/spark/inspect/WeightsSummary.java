package org.latte4j.spark.inspect;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.spark.convert.ConversionInput;

/**
 * What weights hold that lie alone: a file of any kind that is read, or a diffusers folder.
 *
 * @param weights where they are
 * @param network its sizes; empty where the weights do not tell
 * @param parts sets of weights
 */
public record WeightsSummary(String weights, List<LatteConfiguration> network, List<Held> parts) {
  /**
   * One set of weights.
   *
   * @param part model or ema; a single set counts as the model
   * @param tensors number of arrays
   * @param values numbers in them
   * @param arrays in the file's order
   */
  public record Held(String part, int tensors, long values, List<Stored> arrays) {}

  /**
   * One array.
   *
   * @param name in the file
   * @param type how values are stored
   * @param shape sizes, outermost first
   */
  public record Stored(String name, String type, List<Integer> shape) {}

  /** Reads names, types and shapes, and no values. */
  public static WeightsSummary of(ConversionInput input) throws IOException {
    List<Held> parts = new ArrayList<>();
    for (Part part : input.parts().stream().sorted().toList()) {
      try (WeightSource source = input.open(part)) {
        TensorCount held = TensorCount.of(source);
        List<Stored> arrays = source.names().stream().map(name -> stored(source, name)).toList();
        parts.add(new Held(part.key(), held.tensors(), held.values(), arrays));
      }
    }
    return new WeightsSummary(input.location(), input.sizes().stream().toList(), parts);
  }

  private static Stored stored(WeightSource source, String name) {
    return new Stored(
        name,
        source.type(name).name().toLowerCase(Locale.ROOT),
        Arrays.stream(source.shape(name)).boxed().toList());
  }

  /** For people, one line a fact; then one an array. */
  public List<String> lines() {
    Lines lines = new Lines();
    lines.add("weights", weights);
    network.forEach(lines::addSizes);
    for (Held held : parts) {
      lines.add(held.part(), "%d tensors, %d values", held.tensors(), held.values());
      for (Stored array : held.arrays()) {
        lines.add("", "%-5s %s %s", array.type(), array.name(), array.shape());
      }
    }
    return lines.all();
  }
}
