package org.latte4j.model.autoencoder;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.latte4j.model.weights.ElementType;
import org.latte4j.model.weights.WeightSource;

/** Weights in memory, which tests can rename, drop and damage. */
final class MemoryWeights implements WeightSource {
  private final Map<String, int[]> shapes = new LinkedHashMap<>();
  private final Map<String, float[]> values = new LinkedHashMap<>();

  /** A copy of another source. */
  static MemoryWeights of(WeightSource source) throws IOException {
    MemoryWeights weights = new MemoryWeights();
    for (String name : source.names()) {
      weights.put(name, source.shape(name), source.floats(name));
    }
    return weights;
  }

  /** Names and shapes without values. */
  static MemoryWeights ofShapes(Map<String, int[]> shapes) {
    MemoryWeights weights = new MemoryWeights();
    weights.shapes.putAll(shapes);
    return weights;
  }

  MemoryWeights put(String name, int[] shape, float[] floats) {
    shapes.put(name, shape);
    values.put(name, floats);
    return this;
  }

  MemoryWeights remove(String name) {
    shapes.remove(name);
    values.remove(name);
    return this;
  }

  MemoryWeights renamed(UnaryOperator<String> renaming) {
    MemoryWeights renamed = new MemoryWeights();
    shapes.forEach((name, shape) -> renamed.shapes.put(renaming.apply(name), shape));
    values.forEach((name, floats) -> renamed.values.put(renaming.apply(name), floats));
    return renamed;
  }

  @Override
  public String description() {
    return "weights in memory";
  }

  @Override
  public List<String> names() {
    return List.copyOf(shapes.keySet());
  }

  @Override
  public int[] shape(String name) {
    return shapes.get(name);
  }

  @Override
  public ElementType type(String name) {
    return ElementType.F32;
  }

  @Override
  public double[] doubles(String name) {
    float[] floats = values.get(name);
    double[] doubles = new double[floats.length];
    Arrays.setAll(doubles, i -> floats[i]);
    return doubles;
  }

  @Override
  public float[] floats(String name) {
    return values.get(name);
  }

  @Override
  public long[] longs(String name) {
    throw new UnsupportedOperationException("these weights hold floats only");
  }

  @Override
  public void close() {}
}
