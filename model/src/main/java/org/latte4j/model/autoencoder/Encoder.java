package org.latte4j.model.autoencoder;

import java.util.ArrayList;
import java.util.List;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/**
 * Images [B, 3, H, W] to moments [B, 2C, H / f, W / f]: down blocks that halve the size between
 * them, the middle, and the convolutions to the moments. Log variances are not yet clamped.
 */
final class Encoder implements Layer {
  private final Sequential layers;

  /**
   * @param parameters the whole autoencoder's
   */
  Encoder(Kernels kernels, ParameterScope parameters, AutoencoderKlConfig config) {
    ParameterScope encoder = parameters.in("encoder");
    int groups = config.normGroups();
    List<Layer> all = new ArrayList<>();
    all.add(Convolution.same(kernels, encoder.in("conv_in")));
    for (int level = 0; level < config.levels(); level++) {
      all.add(downBlock(kernels, encoder.in("down_blocks." + level), config));
    }
    all.add(MidBlock.of(kernels, encoder.in("mid_block"), groups));
    all.add(new GroupNorm(kernels, encoder.in("conv_norm_out"), groups));
    all.add(new Silu(kernels));
    all.add(Convolution.same(kernels, encoder.in("conv_out")));
    all.add(Convolution.same(kernels, parameters.in("quant_conv")));
    this.layers = new Sequential(all);
  }

  @Override
  public Tensor forward(Tensor images, Pass pass) {
    return layers.forward(images, pass);
  }

  /** Input convolution, down blocks, middle, norm, SiLU and the two output convolutions. */
  List<Layer> layers() {
    return layers.layers();
  }

  private static Layer downBlock(
      Kernels kernels, ParameterScope parameters, AutoencoderKlConfig config) {
    List<Layer> block = new ArrayList<>();
    for (int i = 0; i < config.layersPerBlock(); i++) {
      block.add(new ResnetBlock(kernels, parameters.in("resnets." + i), config.normGroups()));
    }
    if (parameters.contains("downsamplers.0.conv.weight")) {
      block.add(Convolution.halving(kernels, parameters.in("downsamplers.0.conv")));
    }
    return new Sequential(block);
  }
}
