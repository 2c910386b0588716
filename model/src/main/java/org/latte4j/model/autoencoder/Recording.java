package org.latte4j.model.autoencoder;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/**
 * A pass that remembers its operations and keeps what they left, to be gone back through once.
 *
 * <p>Going back, every operation's tensors are given back as soon as its gradient is known. Not
 * thread-safe.
 */
final class Recording implements Pass {
  private final Kernels kernels;
  private final Activations buffers;
  private final List<Tensor> kept = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final Map<Tensor, Tensor> gradients = new IdentityHashMap<>();

  /**
   * A pass that has not begun.
   *
   * @param buffers lends every tensor
   */
  Recording(Kernels kernels, Activations buffers) {
    this.kernels = kernels;
    this.buffers = buffers;
  }

  /**
   * An operation's way back.
   *
   * @param keptAfter tensors that were kept when it was done
   */
  private record Step(Runnable back, int keptAfter) {}

  @Override
  public Tensor borrow(int... shape) {
    Tensor tensor = buffers.borrow(shape);
    kept.add(tensor);
    return tensor;
  }

  @Override
  public void giveBack(Tensor tensor) {
    // The way back may need it.
  }

  @Override
  public void done(Tensor input, Tensor output, Backward backward) {
    steps.add(
        new Step(
            () -> {
              Tensor dOut = gradients.remove(output);
              contribute(input, dInput -> backward.run(dOut, dInput, buffers));
              buffers.giveBack(dOut);
            },
            kept.size()));
  }

  @Override
  public void added(Tensor term, Tensor sum) {
    steps.add(
        new Step(
            () -> contribute(term, dTerm -> kernels.copy(gradients.get(sum), dTerm)), kept.size()));
  }

  /**
   * Goes back through all operations, the last one first.
   *
   * @param output of the whole pass
   * @param dOut its gradient; given back
   * @param input of the whole pass
   * @return the input's gradient, to be given back to the buffers
   */
  Tensor backward(Tensor output, Tensor dOut, Tensor input) {
    gradients.put(output, dOut);
    for (int i = steps.size() - 1; i >= 0; i--) {
      steps.get(i).back().run();
      forget(i == 0 ? 0 : steps.get(i - 1).keptAfter());
    }
    steps.clear();
    return gradients.remove(input);
  }

  /** Adds to a tensor's gradient, or makes the first contribution to it. */
  private void contribute(Tensor to, Consumer<Tensor> contribution) {
    Tensor gradient = buffers.borrow(to.shape());
    contribution.accept(gradient);
    Tensor before = gradients.putIfAbsent(to, gradient);
    if (before != null) {
      kernels.add(gradient, before);
      buffers.giveBack(gradient);
    }
  }

  private void forget(int remaining) {
    while (kept.size() > remaining) {
      buffers.giveBack(kept.remove(kept.size() - 1));
    }
  }
}
