package org.latte4j.spark.averaging;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.latte4j.model.weights.ElementType;
import org.latte4j.model.weights.WeightSource;

/**
 * A state vector as named weights, fetched slice by slice while they are read. Values are read once
 * and in the order of the network's vector, as networks read them; that way no more than a slice is
 * held.
 */
public final class SliceWeights implements WeightSource {
  private final SlicePlan plan;
  private final Iterator<FloatBuffer> slices;
  private final List<String> names;
  private FloatBuffer slice = FloatBuffer.allocate(0);
  private int next;

  /**
   * Weights that have not been read.
   *
   * @param slices values of each slice of the plan, in order
   */
  public SliceWeights(SlicePlan plan, Iterator<FloatBuffer> slices) {
    this.plan = plan;
    this.slices = slices;
    this.names = plan.tensors().stream().map(ParameterTensor::name).toList();
  }

  @Override
  public String description() {
    return "the state of training";
  }

  @Override
  public List<String> names() {
    return names;
  }

  @Override
  public int[] shape(String name) {
    return tensor(index(name)).shape().stream().mapToInt(size -> size).toArray();
  }

  @Override
  public ElementType type(String name) {
    index(name);
    return ElementType.F32;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if this tensor or a later one has been read
   */
  @Override
  public float[] floats(String name) {
    int wanted = index(name);
    if (wanted < next) {
      throw new IllegalStateException(
          name + " comes before " + names.get(next - 1) + ", which has been read");
    }
    float[] values = {};
    for (; next <= wanted; next++) {
      if (!slice.hasRemaining()) {
        slice = slices.next();
      }
      values = new float[tensor(next).length()];
      slice.get(values);
    }
    return values;
  }

  @Override
  public double[] doubles(String name) {
    float[] floats = floats(name);
    double[] doubles = new double[floats.length];
    Arrays.setAll(doubles, i -> floats[i]);
    return doubles;
  }

  @Override
  public long[] longs(String name) {
    throw new IllegalArgumentException(name + " holds no whole numbers");
  }

  private ParameterTensor tensor(int index) {
    return plan.tensors().get(index);
  }

  private int index(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(description() + " has no tensor " + name);
    }
    return index;
  }

  @Override
  public void close() {}
}
