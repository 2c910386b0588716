package org.latte4j.model.parameters;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;

/**
 * Where each trainable parameter of a network lies in one flat vector, without gaps.
 *
 * <p>Immutable once it is made, and thread-safe.
 */
public abstract class FlatLayout implements Serializable {
  private static final long serialVersionUID = 1L;

  private final LinkedHashMap<String, Parameter> parameters = new LinkedHashMap<>();
  private long length;

  /**
   * One parameter.
   *
   * @param name in files
   * @param offset of its first value in the flat vector
   * @param shape sizes, outermost first
   * @param start what its values begin as
   */
  public record Parameter(String name, long offset, List<Integer> shape, Start start)
      implements Serializable {
    /** Number of values. */
    public long length() {
      return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }

    /** Sizes as an array. */
    public int[] sizes() {
      return shape.stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * The values that it begins with, row-major. Each parameter has its own random stream, named by
     * its place in the flat vector, so that parameters can be made in any order, by different
     * machines.
     *
     * @param seed equal seeds give equal values on every machine
     */
    public float[] initialValues(long seed) {
      RandomStream random = RandomStream.of(seed, Purpose.INITIALISATION, offset);
      return start.values(Math.toIntExact(length()), random);
    }
  }

  /** Puts a parameter behind the others; for constructors. */
  protected final void add(String name, Start start, List<Integer> shape) {
    Parameter parameter = new Parameter(name, length, List.copyOf(shape), start);
    parameters.put(name, parameter);
    length += parameter.length();
  }

  /** Whether the network has a parameter of this name. */
  protected final boolean has(String name) {
    return parameters.containsKey(name);
  }

  /** Number of trainable values. */
  public final long length() {
    return length;
  }

  /** All parameters in flat order. */
  public final List<Parameter> parameters() {
    return new ArrayList<>(parameters.values());
  }

  /**
   * One parameter.
   *
   * @throws IllegalArgumentException if the network has none of this name
   */
  public final Parameter parameter(String name) {
    Parameter parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException("the network has no parameter named " + name);
    }
    return parameter;
  }
}
