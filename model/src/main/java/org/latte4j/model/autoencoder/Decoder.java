package org.latte4j.model.autoencoder;

import java.util.ArrayList;
import java.util.List;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/**
 * Latents [B, C, h, w] to images [B, 3, h f, w f]: the middle first, then up blocks that double the
 * size between them, with one residual block more than the encoder's.
 */
final class Decoder implements Layer {
  private final Sequential layers;

  /**
   * @param parameters the whole autoencoder's
   */
  Decoder(Kernels kernels, ParameterScope parameters, AutoencoderKlConfig config) {
    ParameterScope decoder = parameters.in("decoder");
    int groups = config.normGroups();
    List<Layer> all = new ArrayList<>();
    all.add(Convolution.same(kernels, parameters.in("post_quant_conv")));
    all.add(Convolution.same(kernels, decoder.in("conv_in")));
    all.add(MidBlock.of(kernels, decoder.in("mid_block"), groups));
    for (int level = 0; level < config.levels(); level++) {
      all.add(upBlock(kernels, decoder.in("up_blocks." + level), config));
    }
    all.add(new GroupNorm(kernels, decoder.in("conv_norm_out"), groups));
    all.add(new Silu(kernels));
    all.add(Convolution.same(kernels, decoder.in("conv_out")));
    this.layers = new Sequential(all);
  }

  @Override
  public Tensor forward(Tensor latents, Pass pass) {
    return layers.forward(latents, pass);
  }

  private static Layer upBlock(
      Kernels kernels, ParameterScope parameters, AutoencoderKlConfig config) {
    List<Layer> block = new ArrayList<>();
    for (int i = 0; i < config.layersPerBlock() + 1; i++) {
      block.add(new ResnetBlock(kernels, parameters.in("resnets." + i), config.normGroups()));
    }
    if (parameters.contains("upsamplers.0.conv.weight")) {
      block.add(new Upsample(kernels, parameters.in("upsamplers.0")));
    }
    return new Sequential(block);
  }
}
