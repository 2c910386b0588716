package org.latte4j.model.latte;

import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.TokenSequences;

/**
 * The tokens of a frame that are patches of it, among those that stand for the condition. Where
 * there are no others, nothing is copied.
 */
final class PatchTokens {
  private final Kernels kernels;
  private final boolean all;
  private final TokenSequences among;
  private final TokenSequences dense;

  /** The patches alone; one value where there are no other tokens. */
  private final Tensor patches;

  PatchTokens(Kernels kernels, Arena arena, LatteConfiguration configuration, TokenLayout layout) {
    this.kernels = kernels;
    int frames = layout.allFrames();
    int t = configuration.tokens();
    this.all = t == layout.places();
    this.among = new TokenSequences(frames, layout.places(), 1, 0, t, 1);
    this.dense = TokenSequences.spatial(1, frames, t);
    this.patches = all ? arena.allocate(1) : arena.allocate(frames * t, configuration.hiddenSize());
  }

  /** The patches [frames t, D] of all tokens [R, D]: a copy, or the tokens themselves. */
  Tensor of(Tensor tokens) {
    if (!all) {
      kernels.copyRows(tokens, among, patches, dense);
    }
    return target(tokens);
  }

  /** Where to write patches that {@link #place} shall bring among the tokens. */
  Tensor target(Tensor tokens) {
    return all ? tokens : patches;
  }

  /** Completes tokens whose patches were written to their {@link #target}. */
  void place(Tensor tokens) {
    if (!all) {
      kernels.copyRows(patches, dense, tokens, among);
    }
  }
}
