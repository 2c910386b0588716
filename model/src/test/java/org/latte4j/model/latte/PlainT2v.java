package org.latte4j.model.latte;

import java.util.Map;
import org.latte4j.model.diffusion.LatentShape;

/**
 * LatteT2V a second time: one clip, in double precision, in loops over indices, from the published
 * definition and without anything of the package's own but sizes.
 */
final class PlainT2v {
  private final T2vConfiguration sizes;
  private final Map<String, float[]> weights;
  private final int width;
  private final int heads;

  PlainT2v(T2vConfiguration sizes, Map<String, float[]> weights) {
    this.sizes = sizes;
    this.weights = weights;
    this.width = sizes.network().hiddenSize();
    this.heads = sizes.network().heads();
  }

  /** x [F, C, H, W], text [L, W]: [F, 2C, H, W]. */
  float[] forward(float[] x, int t, float[] text) {
    LatentShape latent = sizes.network().latent();
    int frames = latent.frames();
    int p = sizes.network().patchSize();
    int rows = latent.height() / p;
    int columns = latent.width() / p;
    double[] embedded = timestep(t);
    double[] six = linear("adaln_single.linear", silu(embedded));
    int length = text.length / sizes.textWidth();
    double[][] caption = new double[length][];
    for (int i = 0; i < length; i++) {
      double[] token = new double[sizes.textWidth()];
      for (int k = 0; k < token.length; k++) {
        token[k] = text[i * token.length + k];
      }
      caption[i] =
          linear("caption_projection.linear_2", gelu(linear("caption_projection.linear_1", token)));
    }
    double[][][] tokens = new double[frames][rows * columns][];
    for (int f = 0; f < frames; f++) {
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          tokens[f][r * columns + c] = patch(x, f, r, c);
        }
      }
    }
    for (int layer = 0; layer < sizes.layers(); layer++) {
      String spatial = "transformer_blocks." + layer;
      for (int f = 0; f < frames; f++) {
        tokens[f] = block(spatial, tokens[f], six, caption);
      }
      String temporal = "temporal_transformer_blocks." + layer;
      for (int place = 0; place < rows * columns; place++) {
        double[][] sequence = new double[frames][];
        for (int f = 0; f < frames; f++) {
          sequence[f] = tokens[f][place].clone();
          if (layer == 0 && frames > 1) {
            sineCosine(f, width, sequence[f], 0);
          }
        }
        sequence = block(temporal, sequence, six, new double[0][]);
        for (int f = 0; f < frames; f++) {
          tokens[f][place] = sequence[f];
        }
      }
    }
    int channels = 2 * latent.channels();
    float[] out = new float[2 * x.length];
    float[] table = weights.get("scale_shift_table");
    for (int f = 0; f < frames; f++) {
      for (int place = 0; place < rows * columns; place++) {
        double[] normed = norm(tokens[f][place]);
        for (int d = 0; d < width; d++) {
          double shift = table[d] + embedded[d];
          double scale = table[width + d] + embedded[d];
          normed[d] = normed[d] * (1 + scale) + shift;
        }
        double[] values = linear("proj_out", normed);
        for (int i = 0; i < p; i++) {
          for (int j = 0; j < p; j++) {
            for (int c = 0; c < channels; c++) {
              int row = place / columns * p + i;
              int column = place % columns * p + j;
              int at = ((f * channels + c) * latent.height() + row) * latent.width() + column;
              out[at] = (float) values[(i * p + j) * channels + c];
            }
          }
        }
      }
    }
    return out;
  }

  private double[] patch(float[] x, int frame, int row, int column) {
    LatentShape latent = sizes.network().latent();
    int p = sizes.network().patchSize();
    float[] weight = weights.get("pos_embed.proj.weight");
    float[] bias = weights.get("pos_embed.proj.bias");
    double[] token = new double[width];
    for (int d = 0; d < width; d++) {
      token[d] = bias[d];
      for (int c = 0; c < latent.channels(); c++) {
        for (int i = 0; i < p; i++) {
          for (int j = 0; j < p; j++) {
            int pixel = (row * p + i) * latent.width() + column * p + j;
            double value =
                x[(frame * latent.channels() + c) * latent.height() * latent.width() + pixel];
            token[d] += value * weight[((d * latent.channels() + c) * p + i) * p + j];
          }
        }
      }
    }
    sineCosine(column, width / 2, token, 0);
    sineCosine(row, width / 2, token, width / 2);
    return token;
  }

  /** Adds sines, then cosines. */
  private static void sineCosine(int position, int size, double[] to, int at) {
    for (int i = 0; i < size / 2; i++) {
      double angle = position / Math.pow(10_000, i / (size / 2.0));
      to[at + i] += Math.sin(angle);
      to[at + size / 2 + i] += Math.cos(angle);
    }
  }

  private double[] timestep(int t) {
    double[] sinusoids = new double[256];
    for (int i = 0; i < 128; i++) {
      double angle = t * Math.exp(-Math.log(10_000) * i / 128);
      sinusoids[i] = Math.cos(angle);
      sinusoids[128 + i] = Math.sin(angle);
    }
    String name = "adaln_single.emb.timestep_embedder.linear_";
    return linear(name + "2", silu(linear(name + "1", sinusoids)));
  }

  private double[][] block(String name, double[][] tokens, double[] six, double[][] caption) {
    float[] table = weights.get(name + ".scale_shift_table");
    double[][] modulation = new double[6][width];
    for (int v = 0; v < 6; v++) {
      for (int d = 0; d < width; d++) {
        modulation[v][d] = table[v * width + d] + six[v * width + d];
      }
    }
    int n = tokens.length;
    double[][] normed = new double[n][];
    for (int i = 0; i < n; i++) {
      normed[i] = modulated(tokens[i], modulation[0], modulation[1]);
    }
    double[][] attended = attention(name + ".attn1", normed, normed);
    double[][] out = new double[n][width];
    for (int i = 0; i < n; i++) {
      for (int d = 0; d < width; d++) {
        out[i][d] = tokens[i][d] + modulation[2][d] * attended[i][d];
      }
    }
    if (caption.length > 0) {
      double[][] told = attention(name + ".attn2", out, caption);
      for (int i = 0; i < n; i++) {
        for (int d = 0; d < width; d++) {
          out[i][d] += told[i][d];
        }
      }
    }
    for (int i = 0; i < n; i++) {
      double[] hidden =
          gelu(linear(name + ".ff.net.0.proj", modulated(out[i], modulation[3], modulation[4])));
      double[] added = linear(name + ".ff.net.2", hidden);
      for (int d = 0; d < width; d++) {
        out[i][d] += modulation[5][d] * added[d];
      }
    }
    return out;
  }

  private double[][] attention(String name, double[][] from, double[][] to) {
    int n = from.length;
    int m = to.length;
    int size = width / heads;
    double[][] keys = new double[m][];
    double[][] values = new double[m][];
    for (int j = 0; j < m; j++) {
      keys[j] = linear(name + ".to_k", to[j]);
      values[j] = linear(name + ".to_v", to[j]);
    }
    double[][] out = new double[n][];
    for (int i = 0; i < n; i++) {
      double[] query = linear(name + ".to_q", from[i]);
      double[] joined = new double[width];
      for (int head = 0; head < heads; head++) {
        double[] weight = new double[m];
        double sum = 0;
        for (int j = 0; j < m; j++) {
          double product = 0;
          for (int d = head * size; d < (head + 1) * size; d++) {
            product += query[d] * keys[j][d];
          }
          weight[j] = Math.exp(product / Math.sqrt(size));
          sum += weight[j];
        }
        for (int d = head * size; d < (head + 1) * size; d++) {
          for (int j = 0; j < m; j++) {
            joined[d] += weight[j] / sum * values[j][d];
          }
        }
      }
      out[i] = linear(name + ".to_out.0", joined);
    }
    return out;
  }

  private double[] linear(String name, double[] x) {
    float[] weight = weights.get(name + ".weight");
    float[] bias = weights.get(name + ".bias");
    double[] y = new double[bias.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = bias[i];
      for (int j = 0; j < x.length; j++) {
        y[i] += weight[i * x.length + j] * x[j];
      }
    }
    return y;
  }

  private static double[] modulated(double[] x, double[] shift, double[] scale) {
    double[] normed = norm(x);
    for (int d = 0; d < normed.length; d++) {
      normed[d] = normed[d] * (1 + scale[d]) + shift[d];
    }
    return normed;
  }

  private static double[] norm(double[] x) {
    double mean = 0;
    for (double value : x) {
      mean += value / x.length;
    }
    double variance = 0;
    for (double value : x) {
      variance += (value - mean) * (value - mean) / x.length;
    }
    double[] normed = new double[x.length];
    for (int d = 0; d < x.length; d++) {
      normed[d] = (x[d] - mean) / Math.sqrt(variance + 1e-6);
    }
    return normed;
  }

  private static double[] silu(double[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i] / (1 + Math.exp(-x[i]));
    }
    return y;
  }

  private static double[] gelu(double[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double inner = Math.sqrt(2 / Math.PI) * (x[i] + 0.044715 * x[i] * x[i] * x[i]);
      y[i] = 0.5 * x[i] * (1 + Math.tanh(inner));
    }
    return y;
  }
}
