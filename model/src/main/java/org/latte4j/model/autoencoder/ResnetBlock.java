package org.latte4j.model.autoencoder;

import java.util.Optional;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/**
 * Residual block: norm, SiLU, 3 x 3 convolution, twice; added to the input, which passes a 1 x 1
 * convolution where the number of channels changes.
 */
final class ResnetBlock implements Layer {
  private final Kernels kernels;
  private final Layer residual;
  private final Optional<Layer> shortcut;

  ResnetBlock(Kernels kernels, ParameterScope parameters, int groups) {
    this.kernels = kernels;
    this.residual =
        Sequential.of(
            new GroupNorm(kernels, parameters.in("norm1"), groups),
            new Silu(kernels),
            Convolution.same(kernels, parameters.in("conv1")),
            new GroupNorm(kernels, parameters.in("norm2"), groups),
            new Silu(kernels),
            Convolution.same(kernels, parameters.in("conv2")));
    this.shortcut =
        parameters.contains("conv_shortcut.weight")
            ? Optional.of(Convolution.same(kernels, parameters.in("conv_shortcut")))
            : Optional.empty();
  }

  @Override
  public Tensor forward(Tensor x, Pass pass) {
    Tensor out = residual.forward(x, pass);
    if (shortcut.isPresent()) {
      Tensor adapted = shortcut.get().forward(x, pass);
      kernels.add(adapted, out);
      pass.added(adapted, out);
      pass.giveBack(adapted);
    } else {
      kernels.add(x, out);
      pass.added(x, out);
    }
    return out;
  }
}
