package org.latte4j.model.latte;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.latte4j.model.diffusion.Denoiser;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.weights.WeightSource;

/**
 * Latte for sampling: fixed weights, forward passes of any batch size. A network is planned for
 * each batch size at its first use and kept. Owns its memory; not thread-safe.
 */
public final class LatteDenoiser implements Denoiser, AutoCloseable {
  private final Kernels kernels;
  private final LatteConfiguration configuration;
  private final PositionTables positions;
  private final Arena arena;
  private final Tensor parameters;
  private final Map<LattePlan, Latte> networks = new HashMap<>();
  private final Map<LattePlan, Tensor> inputs = new HashMap<>();

  /**
   * Reads the weights.
   *
   * @param kernels the arithmetic; must outlive the denoiser
   */
  public LatteDenoiser(Kernels kernels, LatteConfiguration configuration, WeightSource weights)
      throws IOException {
    this.kernels = kernels;
    this.configuration = configuration;
    this.positions = LatteWeights.positions(weights, configuration);
    this.arena = kernels.arena();
    this.parameters = arena.allocate(Math.toIntExact(new ParameterLayout(configuration).length()));
    try {
      LatteWeights.read(weights, configuration, kernels, parameters);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** The sizes of the network. */
  public LatteConfiguration configuration() {
    return configuration;
  }

  @Override
  public void denoise(float[] x, int[] t, int[] y, float[] out) {
    denoise(LattePlan.inference(t.length), x, t, y, new int[0], out);
  }

  /**
   * One forward pass over clips that texts describe. A pass without texts draws what it likes, as
   * one with texts of zeros does.
   *
   * @param x noisy latents [B, F, C, H, W]
   * @param t timesteps [B]
   * @param text embeddings [B, 77, 768]
   * @param out receives predicted noise and variance values [B, F, 2C, H, W]
   */
  public void denoiseWithText(float[] x, int[] t, float[] text, float[] out) {
    LattePlan plan = LattePlan.inference(t.length);
    Latte latte = networks.computeIfAbsent(plan, this::network);
    try (Arena ofTexts = kernels.arena()) {
      Tensor texts = ofTexts.allocate(text.length);
      kernels.upload(text, texts);
      latte.text(texts);
      denoise(plan, x, t, new int[0], new int[0], out);
      kernels.fill(texts, 0);
      latte.text(texts);
    }
  }

  /**
   * One forward pass over clips whose last frames are images, as in joint training.
   *
   * @param x noisy latents [B, F + N, C, H, W]
   * @param t timesteps [B]
   * @param y classes [B]; empty for a model without classes
   * @param images N
   * @param imageY classes of the images [B, N]; empty for a model without classes
   * @param out receives predicted noise and variance values [B, F + N, 2C, H, W]
   */
  public void denoise(float[] x, int[] t, int[] y, int images, int[] imageY, float[] out) {
    denoise(LattePlan.inference(t.length).withImages(images), x, t, y, imageY, out);
  }

  private void denoise(LattePlan plan, float[] x, int[] t, int[] y, int[] imageY, float[] out) {
    Latte latte = networks.computeIfAbsent(plan, this::network);
    Tensor input = inputs.get(plan);
    if (x.length != input.length()) {
      throw new IllegalArgumentException(
          "x should hold %d values, %s, but holds %d"
              .formatted(input.length(), Arrays.toString(input.shape()), x.length));
    }
    kernels.upload(x, input);
    kernels.download(latte.forward(input, t, y, imageY), out);
  }

  private Latte network(LattePlan plan) {
    Latte latte = new Latte(kernels, configuration, plan, parameters, parameters);
    latte.positions(positions);
    var latent = configuration.latent();
    inputs.put(
        plan,
        arena.allocate(
            plan.batch(),
            latent.frames() + plan.images(),
            latent.channels(),
            latent.height(),
            latent.width()));
    return latte;
  }

  @Override
  public void close() {
    networks.values().forEach(Latte::close);
    arena.close();
  }
}
