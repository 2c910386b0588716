package org.latte4j.model.latte;

import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/**
 * One step of the residual stream:
 *
 * <pre>
 *   x = x + gate * branch(LN(x) (1 + scale) + shift)
 * </pre>
 *
 * A residual whose scope is the videos alone passes the images' rows on as they are.
 */
final class Residual {
  private final Kernels kernels;
  private final Branch branch;
  private final TokenScope scope;
  private final Modulation modulation;
  private final int shift;
  private final int scale;
  private final Gate gate;
  private final Tensor statistics;
  private final Tensor normed;
  private final Tensor added;
  private final Tensor output;
  private Tensor input;

  /**
   * Plans its activations.
   *
   * @param scope the rows that the branch works on
   * @param shift which of the modulation's vectors is the shift; the scale is the next
   * @param output [R, D], rows beyond the scope included
   */
  Residual(
      Kernels kernels,
      Arena arena,
      Branch branch,
      TokenScope scope,
      Modulation modulation,
      int shift,
      Gate gate,
      Tensor output) {
    this.kernels = kernels;
    this.branch = branch;
    this.scope = scope;
    this.modulation = modulation;
    this.shift = shift;
    this.scale = shift + 1;
    this.gate = gate;
    this.output = output;
    int width = output.size(1);
    this.statistics = arena.allocate(scope.rows(), 2);
    this.normed = arena.allocate(scope.rows(), width);
    this.added = arena.allocate(scope.rows(), width);
    this.input = output;
  }

  /**
   * One forward pass.
   *
   * @param x [R, D]; must stay as it is until the backward pass
   * @return the output [R, D]
   */
  Tensor forward(Tensor x) {
    input = x;
    for (RowGroup group : scope.groups()) {
      kernels.normModulate(
          group.rows(x),
          modulation.values(group),
          shift,
          scale,
          group.rows(statistics),
          group.rows(normed));
    }
    branch.forward(normed, added);
    for (RowGroup group : scope.groups()) {
      kernels.gatedAdd(
          group.rows(x),
          group.rows(added),
          branch.bias(),
          gate.values(group),
          gate.vector(),
          group.rows(output));
    }
    int beyond = x.size(0) - scope.rows();
    if (beyond > 0) {
      kernels.copy(
          RowGroup.part(x, scope.rows(), beyond), RowGroup.part(output, scope.rows(), beyond));
    }
    return output;
  }

  /**
   * One backward pass; adds the gradients of the branch's parameters.
   *
   * @param d [R, D]: the output's gradient, turned into the input's in place
   */
  void backward(Tensor d, BlockGradients storage) {
    BlockGradients g = storage.within(scope);
    for (RowGroup group : scope.groups()) {
      kernels.gatedAddBackward(
          group.rows(d),
          group.rows(added),
          gate.values(group),
          gate.vector(),
          group.rows(g.branch),
          gate.gradients(group),
          branch.biasGradient());
    }
    branch.backward(normed, g.branch, g, g.input);
    for (RowGroup group : scope.groups()) {
      kernels.normModulateBackward(
          group.rows(input),
          group.rows(statistics),
          modulation.values(group),
          shift,
          scale,
          group.rows(g.input),
          group.rows(d),
          modulation.gradients(group));
    }
  }
}
