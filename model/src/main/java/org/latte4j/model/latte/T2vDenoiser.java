package org.latte4j.model.latte;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.weights.WeightSource;

/**
 * The released LatteT2V for sampling: fixed weights, one pass a clip, texts of any number of
 * tokens. Of the negative text, as many tokens count as the clip's own text has, as in the released
 * pipeline.
 *
 * <p>Owns its memory; not thread-safe.
 */
public final class T2vDenoiser implements ToldDenoiser {
  /** The network is planned for texts of a multiple of so many tokens. */
  private static final int TOKENS = 32;

  private final Kernels kernels;
  private final T2vConfiguration configuration;
  private final Arena arena;
  private final Tensor parameters;
  private final Tensor input;
  private Optional<LatteT2v> network = Optional.empty();
  private int mostTokens;
  private List<float[]> texts = List.of();
  private float[] negative = {};

  /**
   * Reads the weights.
   *
   * @param kernels the arithmetic; must outlive the denoiser
   */
  public T2vDenoiser(Kernels kernels, T2vConfiguration configuration, WeightSource weights)
      throws IOException {
    this.kernels = kernels;
    this.configuration = configuration;
    this.arena = kernels.arena();
    this.parameters = arena.allocate(Math.toIntExact(new T2vLayout(configuration).length()));
    this.input = arena.allocate(configuration.network().latent().length());
    try {
      T2vWeights.read(weights, configuration, kernels, parameters);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  @Override
  public void texts(List<float[]> embeddings) {
    embeddings.forEach(this::tokens);
    texts = List.copyOf(embeddings);
  }

  @Override
  public void negative(float[] embedding) {
    tokens(embedding);
    negative = embedding;
  }

  private int tokens(float[] text) {
    int width = configuration.textWidth();
    if (text.length == 0 || text.length % width != 0) {
      throw new IllegalArgumentException(
          "a text of %d values is no whole number of tokens of %d".formatted(text.length, width));
    }
    return text.length / width;
  }

  @Override
  public void denoise(float[] x, int[] t, int[] y, float[] out) {
    LatentShape latent = configuration.network().latent();
    int length = latent.length();
    if (y.length != t.length || x.length != t.length * length || out.length != 2 * x.length) {
      throw new IllegalArgumentException(
          "%d clips of %s need as many texts, %d latents and %d outputs, not %d, %d and %d"
              .formatted(
                  t.length,
                  latent,
                  t.length * length,
                  2 * t.length * length,
                  y.length,
                  x.length,
                  out.length));
    }
    float[] clipOut = new float[2 * length];
    for (int clip = 0; clip < t.length; clip++) {
      float[] text = y[clip] == NO_TEXT ? negative(y, clip) : texts.get(y[clip]);
      kernels.upload(Arrays.copyOfRange(x, clip * length, (clip + 1) * length), input);
      forward(t[clip], text, clipOut);
      System.arraycopy(clipOut, 0, out, clip * clipOut.length, clipOut.length);
    }
  }

  /**
   * The negative text for a clip without one of its own: guidance puts the clips without text
   * behind those with, in the same order.
   */
  private float[] negative(int[] y, int clip) {
    if (negative.length == 0) {
      throw new IllegalStateException("there is no negative text");
    }
    int pair = clip - y.length / 2;
    boolean paired = y.length % 2 == 0 && pair >= 0 && y[pair] != NO_TEXT;
    int length = paired ? Math.min(negative.length, texts.get(y[pair]).length) : negative.length;
    return Arrays.copyOf(negative, length);
  }

  private void forward(int t, float[] text, float[] out) {
    int tokens = tokens(text);
    if (tokens > mostTokens) {
      network.ifPresent(LatteT2v::close);
      mostTokens = (tokens + TOKENS - 1) / TOKENS * TOKENS;
      network = Optional.of(new LatteT2v(kernels, configuration, parameters, mostTokens));
    }
    try (Arena ofText = kernels.arena()) {
      Tensor tensor = ofText.allocate(tokens, configuration.textWidth());
      kernels.upload(text, tensor);
      kernels.download(network.orElseThrow().forward(input, t, tensor), out);
    }
  }

  @Override
  public void close() {
    network.ifPresent(LatteT2v::close);
    arena.close();
  }
}
