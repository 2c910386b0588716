package org.latte4j.model.latte;

import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Tensor;

/** Working storage of a block's backward pass, shared by all blocks. R rows of tokens. */
final class BlockGradients {
  private final int rows;

  /** The same storage cut to the videos' rows. */
  private final BlockGradients video;

  final Tensor branch;
  final Tensor wide;

  /** [R, D] in the storage of {@link #wide}, which attention does not use. */
  final Tensor attended;

  final Tensor input;
  final Tensor qkv;

  BlockGradients(Arena arena, TokenLayout layout, int width) {
    int all = layout.rows();
    this.rows = all;
    this.branch = arena.allocate(all, width);
    this.wide = arena.allocate(all, LatteConfiguration.MLP_RATIO * width);
    this.attended = wide.slice(0, all, width);
    this.input = arena.allocate(all, width);
    this.qkv = arena.allocate(all, 3 * width);
    TokenScope scope = layout.video();
    this.video = scope.rows() == all ? this : new BlockGradients(this, scope);
  }

  private BlockGradients(BlockGradients whole, TokenScope scope) {
    this.rows = scope.rows();
    this.branch = scope.rows(whole.branch);
    this.wide = scope.rows(whole.wide);
    this.attended = scope.rows(whole.attended);
    this.input = scope.rows(whole.input);
    this.qkv = scope.rows(whole.qkv);
    this.video = this;
  }

  /** This storage for the rows of a scope: all, or the videos'. */
  BlockGradients within(TokenScope scope) {
    return scope.rows() == rows ? this : video;
  }
}
