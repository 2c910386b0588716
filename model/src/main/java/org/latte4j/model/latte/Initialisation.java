package org.latte4j.model.latte;

import org.latte4j.model.latte.ParameterLayout.Parameter;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;

/**
 * Initial values of parameters. Each parameter has its own random stream, named by its place in the
 * flat vector, so that parameters can be made in any order, by different machines.
 */
public final class Initialisation {
  private static final double DEVIATION = 0.02;

  private Initialisation() {}

  /**
   * The values that a parameter starts with, row-major.
   *
   * @param seed equal seeds give equal values on every machine
   */
  public static float[] values(Parameter parameter, long seed) {
    float[] values = new float[Math.toIntExact(parameter.length())];
    RandomStream random = RandomStream.of(seed, Purpose.INITIALISATION, parameter.offset());
    switch (parameter.start()) {
      case ZERO -> {}
      case NORMAL -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (DEVIATION * random.normal());
        }
      }
      case XAVIER_UNIFORM -> {
        int outputs = parameter.shape().get(0);
        double bound = Math.sqrt(6.0 / (outputs + values.length / outputs));
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (bound * (2 * random.uniform() - 1));
        }
      }
    }
    return values;
  }
}
