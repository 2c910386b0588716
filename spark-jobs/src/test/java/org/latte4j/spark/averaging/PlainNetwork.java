package org.latte4j.spark.averaging;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A network small enough to check by eye: y = V tanh(U x), trained with Adam on the heap. The
 * vectors are plain arrays, so that a sequential reference can hold several.
 */
public final class PlainNetwork implements Replica {
  static final int INPUTS = 7;
  static final int HIDDEN = 11;
  static final int OUTPUTS = 3;

  public static final List<ParameterTensor> TENSORS =
      List.of(
          new ParameterTensor("hidden.weight", List.of(HIDDEN, INPUTS)),
          new ParameterTensor("output.weight", List.of(OUTPUTS, HIDDEN)));
  static final int LENGTH = HIDDEN * INPUTS + OUTPUTS * HIDDEN;

  private static final int V = HIDDEN * INPUTS;

  final Map<StateVector, float[]> vectors = new EnumMap<>(StateVector.class);

  PlainNetwork() {
    vectors.put(StateVector.PARAMETERS, new float[LENGTH]);
    vectors.put(StateVector.FIRST_MOMENT, new float[LENGTH]);
    vectors.put(StateVector.SECOND_MOMENT, new float[LENGTH]);
  }

  /** A fixed value for each parameter, in (-0.5, 0.5). */
  static float initial(long index) {
    return noise(index, 1);
  }

  @Override
  public void load(StateVector vector, long offset, FloatBuffer values) {
    values.get(vectors.get(vector), (int) offset, values.remaining());
  }

  @Override
  public void store(StateVector vector, long offset, FloatBuffer into) {
    into.put(vectors.get(vector), (int) offset, into.remaining());
  }

  @Override
  public void close() {
    vectors.clear();
  }

  /** The local steps of one worker in one round. */
  LocalResult train(int worker, long round, int steps) {
    List<StepMetrics> metrics = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      metrics.add(step(worker, round * steps + i));
    }
    return new LocalResult(metrics, steps, 0);
  }

  private StepMetrics step(int worker, long step) {
    float[] p = vectors.get(StateVector.PARAMETERS);
    float[] gradient = new float[LENGTH];
    float[] x = new float[INPUTS];
    for (int i = 0; i < INPUTS; i++) {
      x[i] = noise(step * 31 + i, worker + 2L);
    }
    float[] a = new float[HIDDEN];
    for (int h = 0; h < HIDDEN; h++) {
      float sum = 0;
      for (int i = 0; i < INPUTS; i++) {
        sum += p[h * INPUTS + i] * x[i];
      }
      a[h] = (float) StrictMath.tanh(sum);
    }
    double loss = 0;
    float[] da = new float[HIDDEN];
    for (int o = 0; o < OUTPUTS; o++) {
      float error = -x[o];
      for (int h = 0; h < HIDDEN; h++) {
        error += p[V + o * HIDDEN + h] * a[h];
      }
      loss += 0.5 * error * error;
      for (int h = 0; h < HIDDEN; h++) {
        gradient[V + o * HIDDEN + h] = error * a[h];
        da[h] += error * p[V + o * HIDDEN + h];
      }
    }
    for (int h = 0; h < HIDDEN; h++) {
      for (int i = 0; i < INPUTS; i++) {
        gradient[h * INPUTS + i] = da[h] * (1 - a[h] * a[h]) * x[i];
      }
    }
    adam(gradient, step);
    double square = 0;
    for (float g : gradient) {
      square += (double) g * g;
    }
    return new StepMetrics(loss, Math.sqrt(square));
  }

  private void adam(float[] gradient, long step) {
    float[] p = vectors.get(StateVector.PARAMETERS);
    float[] m = vectors.get(StateVector.FIRST_MOMENT);
    float[] v = vectors.get(StateVector.SECOND_MOMENT);
    double c1 = 1 - StrictMath.pow(0.9, step + 1.0);
    double c2 = 1 - StrictMath.pow(0.999, step + 1.0);
    for (int i = 0; i < LENGTH; i++) {
      m[i] = 0.9f * m[i] + 0.1f * gradient[i];
      v[i] = 0.999f * v[i] + 0.001f * gradient[i] * gradient[i];
      p[i] -= (float) (0.01 * (m[i] / c1) / (StrictMath.sqrt(v[i] / c2) + 1e-8));
    }
  }

  private static float noise(long index, long stream) {
    long z = (index + 1) * 0x9E3779B97F4A7C15L + stream * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return (z >>> 40) / (float) (1 << 24) - 0.5f;
  }
}
