package org.latte4j.model.latte;

import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.TokenSequences;

/**
 * What one block's forward pass leaves for its backward pass. In training every block has its own;
 * without a backward pass all blocks share one.
 *
 * <p>Letters: R = B F t rows of tokens.
 */
final class BlockActivations {
  /** [B, 6 D]: shift, scale, gate for attention, then for the feed-forward layer. */
  final Tensor modulation;

  final Tensor attentionStatistics;
  final Tensor attentionInput;
  final Tensor qkv;
  final Tensor probabilities;
  final Tensor attended;
  final Tensor attentionBranch;

  /** [R, D]: the residual stream between attention and feed-forward layer. */
  final Tensor middle;

  final Tensor mlpStatistics;
  final Tensor mlpInput;
  final Tensor hidden;
  final Tensor activated;
  final Tensor mlpBranch;

  /** [R, D]: the block's output. */
  final Tensor output;

  BlockActivations(
      Arena arena, LatteConfiguration configuration, int batch, TokenSequences sequences) {
    int d = configuration.hiddenSize();
    int rows = batch * configuration.latent().frames() * configuration.tokens();
    modulation = arena.allocate(batch, 6 * d);
    attentionStatistics = arena.allocate(rows, 2);
    attentionInput = arena.allocate(rows, d);
    qkv = arena.allocate(rows, 3 * d);
    probabilities =
        arena.allocate(
            sequences.count(), configuration.heads(), sequences.length(), sequences.length());
    attended = arena.allocate(rows, d);
    attentionBranch = arena.allocate(rows, d);
    middle = arena.allocate(rows, d);
    mlpStatistics = arena.allocate(rows, 2);
    mlpInput = arena.allocate(rows, d);
    hidden = arena.allocate(rows, LatteConfiguration.MLP_RATIO * d);
    activated = arena.allocate(rows, LatteConfiguration.MLP_RATIO * d);
    mlpBranch = arena.allocate(rows, d);
    output = arena.allocate(rows, d);
  }
}
