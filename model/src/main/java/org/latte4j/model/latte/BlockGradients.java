package org.latte4j.model.latte;

import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Tensor;

/** Working storage of a block's backward pass, shared by all blocks. R = B F t. */
final class BlockGradients {
  final Tensor modulation;
  final Tensor branch;
  final Tensor wide;
  final Tensor input;
  final Tensor qkv;

  BlockGradients(Arena arena, LatteConfiguration configuration, int batch) {
    int d = configuration.hiddenSize();
    int rows = batch * configuration.latent().frames() * configuration.tokens();
    modulation = arena.allocate(batch, 6 * d);
    branch = arena.allocate(rows, d);
    wide = arena.allocate(rows, LatteConfiguration.MLP_RATIO * d);
    input = arena.allocate(rows, d);
    qkv = arena.allocate(rows, 3 * d);
  }
}
