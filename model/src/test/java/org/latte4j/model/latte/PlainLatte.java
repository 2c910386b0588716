package org.latte4j.model.latte;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The network once more, in plain loops over one clip in double precision: every token is a vector
 * of its own, so that nothing of layouts, kernels and modules is shared with what it checks.
 */
final class PlainLatte {
  private final LatteConfiguration c;
  private final ParameterLayout layout;
  private final float[] parameters;
  private final int d;
  private final int videoFrames;
  private final int allFrames;

  /** [frame][place]: the residual stream. */
  private double[][][] stream;

  /** [frame]: c of the frame's clip or image. */
  private final double[][] timesteps;

  private final double[][] labels;

  /**
   * For one clip.
   *
   * @param y its class, then those of its images; ignored without classes
   */
  PlainLatte(LatteConfiguration configuration, float[] parameters, int t, int... y) {
    this.c = configuration;
    this.layout = new ParameterLayout(configuration);
    this.parameters = parameters;
    this.d = configuration.hiddenSize();
    this.videoFrames = configuration.tokenFrames();
    this.allFrames = videoFrames + y.length - 1;
    float[] sinusoids = new float[LatteConfiguration.TIMESTEP_FREQUENCIES];
    TimestepEmbedding.sinusoids(new int[] {t}, sinusoids);
    double[] hidden = linear("t_embedder.mlp.0", widen(sinusoids));
    double[] embedded = linear("t_embedder.mlp.2", silu(hidden));
    timesteps = new double[allFrames][];
    labels = new double[allFrames][];
    for (int frame = 0; frame < allFrames; frame++) {
      int label = y[Math.max(0, frame - videoFrames + 1)];
      timesteps[frame] = embedded;
      double[] table = parameter("y_embedder.embedding_table.weight");
      labels[frame] = Arrays.copyOfRange(table, label * d, (label + 1) * d);
    }
  }

  /** x [F + N, C, H, W] to [F + N, 2C, H, W]. */
  double[] forward(float[] x) {
    Architecture a = c.architecture();
    embed(x);
    int half = c.depth() / 2;
    for (int i = 0; i < c.depth(); i++) {
      boolean temporal = a.variant() == Variant.INTERLEAVED ? i % 2 == 1 : i >= half;
      boolean first = a.variant() == Variant.INTERLEAVED ? i == 1 : i == half;
      if (a.variant().joinsSpaceAndTime() ? i == 0 : first) {
        addTemporalPositions();
      }
      String name = "blocks." + i;
      IntFunction<double[]> m = modulations(name);
      switch (a.variant()) {
        case INTERLEAVED, LATE_FUSION -> {
          int frames = temporal ? videoFrames : allFrames;
          double[][][] normed = normed(m, 0, frames);
          add(
              m,
              0,
              temporal ? overTime(name + ".attn", normed) : overSpace(name + ".attn", normed));
          add(m, 1, mlp(name, normed(m, 1, frames)));
        }
        case SEQUENTIAL_ATTENTION -> {
          add(m, 0, overSpace(name + ".attn", normed(m, 0, allFrames)));
          add(m, 0, overTime(name + ".temporal_attn", normed(m, 0, videoFrames)));
          add(m, 1, mlp(name, normed(m, 1, allFrames)));
        }
        case PARALLEL_ATTENTION -> {
          double[][][] normed = normed(m, 0, allFrames);
          double[][][] sum = overSpace(name + ".attn", normed);
          double[][][] time = overTime(name + ".temporal_attn", normed);
          for (int f = 0; f < videoFrames; f++) {
            for (int place = 0; place < sum[f].length; place++) {
              sum[f][place] = plus(sum[f][place], time[f][place]);
            }
          }
          add(m, 0, sum);
          add(m, 1, mlp(name, normed(m, 1, allFrames)));
        }
      }
    }
    return decode();
  }

  private void embed(float[] x) {
    int p = c.patchSize();
    int s = c.architecture().temporalStride();
    int channels = c.latent().channels();
    double[] positions = widen(PositionTables.of(c).spatial());
    stream = new double[allFrames][c.tokens() + c.conditionTokens()][];
    for (int f = 0; f < allFrames; f++) {
      for (int token = 0; token < c.tokens(); token++) {
        double[] patch = new double[c.patchLength()];
        int at = 0;
        for (int channel = 0; channel < channels; channel++) {
          for (int j = 0; j < s; j++) {
            for (int pixel = 0; pixel < p * p; pixel++) {
              int row = token / c.columns() * p + pixel / p;
              int column = token % c.columns() * p + pixel % p;
              patch[at++] = x[pixelIndex(f * s + j, channel, row, column, channels)];
            }
          }
        }
        stream[f][token] =
            plus(
                linear("x_embedder.proj", patch),
                Arrays.copyOfRange(positions, token * d, (token + 1) * d));
      }
      if (c.conditionTokens() > 0) {
        stream[f][c.tokens()] = timesteps[f].clone();
        stream[f][c.tokens() + 1] = labels[f].clone();
      }
    }
  }

  private int pixelIndex(int frame, int channel, int row, int column, int channels) {
    return ((frame * channels + channel) * c.latent().height() + row) * c.latent().width() + column;
  }

  private void addTemporalPositions() {
    if (c.architecture().temporalPosition() == TemporalPosition.ROPE) {
      return;
    }
    double[] table = widen(PositionTables.of(c).temporal());
    for (int f = 0; f < videoFrames; f++) {
      double[] position = Arrays.copyOfRange(table, f * d, (f + 1) * d);
      for (int place = 0; place < stream[f].length; place++) {
        stream[f][place] = plus(stream[f][place], position);
      }
    }
  }

  /** The vectors of a frame, one after the other. */
  private IntFunction<double[]> modulations(String name) {
    if (c.architecture().conditioning() == Conditioning.ALL_TOKENS) {
      return frame -> parameter(name + ".modulation");
    }
    return frame ->
        linear(name + ".adaLN_modulation.1", silu(plus(timesteps[frame], labels[frame])));
  }

  private double[][][] normed(IntFunction<double[]> modulations, int branch, int frames) {
    int vectors = c.architecture().conditioning() == Conditioning.S_ADALN ? 3 : 2;
    double[][][] out = new double[frames][][];
    for (int f = 0; f < frames; f++) {
      double[] m = modulations.apply(f);
      out[f] =
          Arrays.stream(stream[f])
              .map(x -> norm(x, m, branch * vectors * d))
              .toArray(double[][]::new);
    }
    return out;
  }

  private double[] norm(double[] x, double[] modulation, int shift) {
    double mean = Arrays.stream(x).average().orElseThrow();
    double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    double[] out = new double[d];
    for (int i = 0; i < d; i++) {
      double normed = (x[i] - mean) / Math.sqrt(variance + 1e-6);
      out[i] = normed * (1 + modulation[shift + d + i]) + modulation[shift + i];
    }
    return out;
  }

  /** Adds a branch's results to the stream, through the gate where there is one. */
  private void add(IntFunction<double[]> modulations, int branch, double[][][] results) {
    boolean gated = c.architecture().conditioning() == Conditioning.S_ADALN;
    for (int f = 0; f < results.length; f++) {
      double[] m = modulations.apply(f);
      for (int place = 0; place < results[f].length; place++) {
        for (int i = 0; i < d; i++) {
          double gate = gated ? m[(branch * 3 + 2) * d + i] : 1;
          stream[f][place][i] += gate * results[f][place][i];
        }
      }
    }
  }

  private double[][][] mlp(String name, double[][][] x) {
    return Arrays.stream(x)
        .map(
            frame ->
                Arrays.stream(frame)
                    .map(token -> linear(name + ".mlp.fc1", token))
                    .map(hidden -> Arrays.stream(hidden).map(PlainLatte::gelu).toArray())
                    .map(hidden -> linear(name + ".mlp.fc2", hidden))
                    .toArray(double[][]::new))
        .toArray(double[][][]::new);
  }

  private double[][][] overSpace(String name, double[][][] x) {
    return Arrays.stream(x)
        .map(frame -> attention(name, Arrays.asList(frame), false))
        .toArray(double[][][]::new);
  }

  private double[][][] overTime(String name, double[][][] x) {
    boolean rotated = c.architecture().temporalPosition() == TemporalPosition.ROPE;
    double[][][] out = new double[videoFrames][x[0].length][];
    for (int place = 0; place < x[0].length; place++) {
      int at = place;
      List<double[]> sequence = IntStream.range(0, videoFrames).mapToObj(f -> x[f][at]).toList();
      double[][] attended = attention(name, sequence, rotated);
      for (int f = 0; f < videoFrames; f++) {
        out[f][place] = attended[f];
      }
    }
    return out;
  }

  private double[][] attention(String name, List<double[]> sequence, boolean rotated) {
    boolean halved = c.architecture().variant() == Variant.PARALLEL_ATTENTION;
    int heads = halved ? c.heads() / 2 : c.heads();
    int width = d / heads;
    int length = sequence.size();
    double[][] qkv =
        sequence.stream().map(token -> linear(name + ".qkv", token)).toArray(double[][]::new);
    for (int position = 0; rotated && position < length; position++) {
      for (int head = 0; head < 2 * heads; head++) {
        rotate(qkv[position], head * width, width, position);
      }
    }
    double[][] out = new double[length][d];
    for (int head = 0; head < heads; head++) {
      for (int i = 0; i < length; i++) {
        double[] weights = new double[length];
        double total = 0;
        for (int j = 0; j < length; j++) {
          double score = 0;
          for (int e = head * width; e < (head + 1) * width; e++) {
            score += qkv[i][e] * qkv[j][d + e];
          }
          weights[j] = Math.exp(score / Math.sqrt(width));
          total += weights[j];
        }
        for (int j = 0; j < length; j++) {
          for (int e = head * width; e < (head + 1) * width; e++) {
            out[i][e] += weights[j] / total * qkv[j][2 * d + e];
          }
        }
      }
    }
    return Arrays.stream(out).map(token -> linear(name + ".proj", token)).toArray(double[][]::new);
  }

  private static void rotate(double[] values, int start, int width, int position) {
    for (int i = 0; i < width / 2; i++) {
      double angle = position * Math.pow(10_000, -2.0 * i / width);
      double a = values[start + i];
      double b = values[start + width / 2 + i];
      values[start + i] = a * Math.cos(angle) - b * Math.sin(angle);
      values[start + width / 2 + i] = a * Math.sin(angle) + b * Math.cos(angle);
    }
  }

  private double[] decode() {
    int p = c.patchSize();
    int s = c.architecture().temporalStride();
    int channels = 2 * c.latent().channels();
    int area = c.latent().height() * c.latent().width();
    IntFunction<double[]> modulations = modulations("final_layer");
    double[] out = new double[allFrames * s * channels * area];
    for (int f = 0; f < allFrames; f++) {
      double[] m = modulations.apply(f);
      for (int token = 0; token < c.tokens(); token++) {
        double[] patch = linear("final_layer.linear", norm(stream[f][token], m, 0));
        for (int pixel = 0; pixel < p * p; pixel++) {
          int row = token / c.columns() * p + pixel / p;
          int column = token % c.columns() * p + pixel % p;
          double[] values = Arrays.copyOfRange(patch, pixel * channels, (pixel + 1) * channels);
          for (int j = 0; j < s; j++) {
            for (int channel = 0; channel < channels; channel++) {
              out[pixelIndex(f * s + j, channel, row, column, channels)] =
                  s == 1 ? values[channel] : upsampled(values, channel, j, s);
            }
          }
        }
      }
    }
    return out;
  }

  private double upsampled(double[] values, int channel, int j, int s) {
    double[] weight = parameter("final_layer.upsampling.weight");
    double sum = parameter("final_layer.upsampling.bias")[channel];
    for (int input = 0; input < values.length; input++) {
      sum += values[input] * weight[(input * values.length + channel) * s + j];
    }
    return sum;
  }

  private double[] linear(String name, double[] x) {
    double[] weight = parameter(name + ".weight");
    double[] out = parameter(name + ".bias");
    for (int o = 0; o < out.length; o++) {
      for (int i = 0; i < x.length; i++) {
        out[o] += weight[o * x.length + i] * x[i];
      }
    }
    return out;
  }

  private double[] parameter(String name) {
    ParameterLayout.Parameter parameter = layout.parameter(name);
    int from = Math.toIntExact(parameter.offset());
    return widen(Arrays.copyOfRange(parameters, from, from + Math.toIntExact(parameter.length())));
  }

  private static double[] widen(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static double[] plus(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] + b[i]).toArray();
  }

  private static double[] silu(double[] x) {
    return Arrays.stream(x).map(v -> v / (1 + Math.exp(-v))).toArray();
  }

  private static double gelu(double x) {
    return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
  }
}
