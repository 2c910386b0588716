package org.latte4j.model.kernels;

/** The operations' definitions in plain double-precision loops. */
final class Reference {
  private Reference() {}

  static double[] multiply(double[] a, Operand opA, double[] b, Operand opB, int m, int n, int k) {
    double[] c = new double[m * n];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        for (int l = 0; l < k; l++) {
          double left = opA == Operand.PLAIN ? a[i * k + l] : a[l * m + i];
          double right = opB == Operand.PLAIN ? b[l * n + j] : b[j * k + l];
          c[i * n + j] += left * right;
        }
      }
    }
    return c;
  }

  static double[] silu(double[] x) {
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] = x[i] / (1 + Math.exp(-x[i]));
    }
    return out;
  }

  static double[] addBias(double[] x, double[] bias) {
    double[] out = x.clone();
    for (int i = 0; i < x.length; i++) {
      out[i] += bias[i % bias.length];
    }
    return out;
  }

  static double[] columnSums(double[] x, int columns) {
    double[] sums = new double[columns];
    for (int i = 0; i < x.length; i++) {
      sums[i % columns] += x[i];
    }
    return sums;
  }

  static double[] gelu(double[] x) {
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double inner = Math.sqrt(2 / Math.PI) * (x[i] + 0.044715 * x[i] * x[i] * x[i]);
      out[i] = 0.5 * x[i] * (1 + Math.tanh(inner));
    }
    return out;
  }

  /** Mean and reciprocal deviation of each row. */
  static double[] statistics(double[] x, int width) {
    int rows = x.length / width;
    double[] statistics = new double[rows * 2];
    for (int r = 0; r < rows; r++) {
      double mean = 0;
      for (int i = 0; i < width; i++) {
        mean += x[r * width + i] / width;
      }
      double variance = 0;
      for (int i = 0; i < width; i++) {
        variance += Math.pow(x[r * width + i] - mean, 2) / width;
      }
      statistics[2 * r] = mean;
      statistics[2 * r + 1] = 1 / Math.sqrt(variance + 1e-6);
    }
    return statistics;
  }

  static double[] normModulate(
      double[] x, int width, double[] modulation, int batch, int shiftChunk, int scaleChunk) {
    double[] statistics = statistics(x, width);
    int rows = x.length / width;
    int stride = modulation.length / batch;
    double[] out = new double[x.length];
    for (int r = 0; r < rows; r++) {
      int item = r / (rows / batch);
      for (int i = 0; i < width; i++) {
        double normed = (x[r * width + i] - statistics[2 * r]) * statistics[2 * r + 1];
        double scale = modulation[item * stride + scaleChunk * width + i];
        double shift = modulation[item * stride + shiftChunk * width + i];
        out[r * width + i] = normed * (1 + scale) + shift;
      }
    }
    return out;
  }

  static double[] gatedAdd(
      double[] x, double[] branch, double[] bias, double[] modulation, int batch, int gateChunk) {
    int width = bias.length;
    int rows = x.length / width;
    int stride = modulation.length / batch;
    double[] out = new double[x.length];
    for (int j = 0; j < x.length; j++) {
      int item = j / width / (rows / batch);
      double gate = modulation[item * stride + gateChunk * width + j % width];
      out[j] = x[j] + gate * (branch[j] + bias[j % width]);
    }
    return out;
  }

  static double[] softmax(double[] x, int width, double scale) {
    double[] out = new double[x.length];
    for (int r = 0; r < x.length; r += width) {
      double highest = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < width; i++) {
        highest = Math.max(highest, scale * x[r + i]);
      }
      double sum = 0;
      for (int i = 0; i < width; i++) {
        out[r + i] = Math.exp(scale * x[r + i] - highest);
        sum += out[r + i];
      }
      for (int i = 0; i < width; i++) {
        out[r + i] /= sum;
      }
    }
    return out;
  }

  /** Rows outside every sequence give zeros. */
  static double[] attention(double[] qkv, int width, int heads, TokenSequences sequences) {
    int d = width / heads;
    int length = sequences.length();
    double[] out = new double[qkv.length / 3];
    for (int s = 0; s < sequences.count(); s++) {
      for (int h = 0; h < heads; h++) {
        for (int i = 0; i < length; i++) {
          int q = (sequences.firstRow(s) + i * sequences.stride()) * 3 * width + h * d;
          double[] scores = new double[length];
          for (int j = 0; j < length; j++) {
            int k = (sequences.firstRow(s) + j * sequences.stride()) * 3 * width + width + h * d;
            for (int e = 0; e < d; e++) {
              scores[j] += qkv[q + e] * qkv[k + e];
            }
          }
          double[] p = softmax(scores, length, 1 / Math.sqrt(d));
          int o = (sequences.firstRow(s) + i * sequences.stride()) * width + h * d;
          for (int j = 0; j < length; j++) {
            int v =
                (sequences.firstRow(s) + j * sequences.stride()) * 3 * width + 2 * width + h * d;
            for (int e = 0; e < d; e++) {
              out[o + e] += p[j] * qkv[v + e];
            }
          }
        }
      }
    }
    return out;
  }

  static double[] convolution(
      double[] x,
      int[] xShape,
      double[] weight,
      int[] weightShape,
      double[] bias,
      int stride,
      int padBefore,
      int[] outShape) {
    double[] out = new double[KernelsContract.length(outShape)];
    int kernel = weightShape[2];
    int at = 0;
    for (int b = 0; b < outShape[0]; b++) {
      for (int o = 0; o < outShape[1]; o++) {
        for (int row = 0; row < outShape[2]; row++) {
          for (int column = 0; column < outShape[3]; column++) {
            double sum = bias[o];
            for (int c = 0; c < xShape[1]; c++) {
              for (int i = 0; i < kernel; i++) {
                for (int j = 0; j < kernel; j++) {
                  int y = row * stride - padBefore + i;
                  int z = column * stride - padBefore + j;
                  if (y >= 0 && y < xShape[2] && z >= 0 && z < xShape[3]) {
                    sum +=
                        x[((b * xShape[1] + c) * xShape[2] + y) * xShape[3] + z]
                            * weight[((o * xShape[1] + c) * kernel + i) * kernel + j];
                  }
                }
              }
            }
            out[at++] = sum;
          }
        }
      }
    }
    return out;
  }

  static double[] groupNorm(
      double[] x, int[] shape, int groups, double[] gamma, double[] beta, double epsilon) {
    int pixels = shape[2] * shape[3];
    int width = shape[1] / groups * pixels;
    double[] out = new double[x.length];
    for (int start = 0; start < x.length; start += width) {
      double mean = 0;
      for (int i = 0; i < width; i++) {
        mean += x[start + i] / width;
      }
      double variance = 0;
      for (int i = 0; i < width; i++) {
        variance += Math.pow(x[start + i] - mean, 2) / width;
      }
      for (int i = start; i < start + width; i++) {
        int channel = i / pixels % shape[1];
        out[i] = (x[i] - mean) / Math.sqrt(variance + epsilon) * gamma[channel] + beta[channel];
      }
    }
    return out;
  }
}
