package org.latte4j.spark.start;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LatteWeights;
import org.latte4j.model.latte.ParameterLayout;
import org.latte4j.model.latte.PositionTables;
import org.latte4j.model.weights.ElementType;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.SafetensorsFile;
import org.latte4j.model.weights.SafetensorsLayout;
import org.latte4j.model.weights.SafetensorsWriter;
import org.latte4j.model.weights.TorchExport;
import org.latte4j.model.weights.WeightSource;

/** Small weights made by hand, to start from. No array holds zeros alone. */
public final class MadeWeights {
  private final Map<String, int[]> shapes = new LinkedHashMap<>();
  private final Map<String, float[]> values = new LinkedHashMap<>();

  private MadeWeights() {}

  /** What the reference would save of a network of these sizes. */
  public static MadeWeights latte(LatteConfiguration sizes) {
    MadeWeights weights = new MadeWeights();
    PositionTables tables = PositionTables.of(sizes);
    int d = sizes.hiddenSize();
    weights.put(
        LatteWeights.SPATIAL_POSITIONS, tables.spatial(), 1, tables.spatial().length / d, d);
    weights.put(
        LatteWeights.TEMPORAL_POSITIONS, tables.temporal(), 1, tables.temporal().length / d, d);
    for (ParameterLayout.Parameter parameter : new ParameterLayout(sizes).parameters()) {
      float[] initial = parameter.initialValues(77);
      for (int i = 0; i < initial.length; i++) {
        initial[i] += 0.01f + 0.001f * (i % 7);
      }
      weights.put(parameter.name(), initial, parameter.sizes());
    }
    return weights;
  }

  /** An image model: as many blocks, its own labels, no table of times. */
  public static MadeWeights dit(LatteConfiguration sizes) {
    MadeWeights weights = latte(sizes);
    weights.remove(LatteWeights.TEMPORAL_POSITIONS);
    int d = sizes.hiddenSize();
    return weights.put("y_embedder.embedding_table.weight", filled(1001 * d), 1001, d);
  }

  private static float[] filled(int length) {
    float[] values = new float[length];
    java.util.Arrays.fill(values, 0.5f);
    return values;
  }

  MadeWeights put(String name, float[] floats, int... shape) {
    shapes.put(name, shape);
    values.put(name, floats);
    return this;
  }

  MadeWeights remove(String name) {
    shapes.remove(name);
    values.remove(name);
    return this;
  }

  /** One array. */
  public float[] floats(String name) {
    return values.get(name);
  }

  /** Writes them. */
  public Path safetensors(Path file) throws IOException {
    SafetensorsLayout.Builder layout = SafetensorsLayout.builder();
    shapes.forEach((name, shape) -> layout.array(name, ElementType.F32, shape));
    SafetensorsWriter.save(
        file,
        layout.build(),
        writer -> {
          for (Map.Entry<String, float[]> array : values.entrySet()) {
            writer.write(array.getKey(), array.getValue());
          }
        });
    return file;
  }

  /** Writes them as PyTorch would, as the moving average. */
  public Path torch(Path file) throws IOException {
    Path safetensors = safetensors(file.resolveSibling(file.getFileName() + ".safetensors"));
    try (WeightSource source = SafetensorsFile.open(safetensors)) {
      TorchExport.write(new TreeMap<>(Map.of(Part.EMA, source)), ElementType.F32, file);
    }
    return file;
  }
}
