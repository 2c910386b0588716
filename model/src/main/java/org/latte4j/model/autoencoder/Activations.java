package org.latte4j.model.autoencoder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/**
 * Memory for what flows through the network: tensors are borrowed and given back, their buffers
 * used again.
 *
 * <p>A tensor always gets the first free buffer, which is replaced by a larger one if it is too
 * small. So there are never more buffers than tensors lent at one time, the same network finds
 * every tensor in the same buffer again, and after its first pass over images of one size nothing
 * is allocated any more.
 *
 * <p>Not thread-safe. Closing frees everything.
 */
final class Activations implements Pass, AutoCloseable {
  private record Buffer(Arena owner, Tensor values) {}

  private final Kernels kernels;
  private final List<Buffer> buffers = new ArrayList<>();
  private final BitSet busy = new BitSet();
  private final Map<Tensor, Integer> lent = new IdentityHashMap<>();

  Activations(Kernels kernels) {
    this.kernels = kernels;
  }

  /** A tensor with arbitrary values, to be given back. */
  @Override
  public Tensor borrow(int... shape) {
    int length = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    int index = busy.nextClearBit(0);
    Tensor tensor = buffer(index, length).values().slice(0, shape);
    busy.set(index);
    lent.put(tensor, index);
    return tensor;
  }

  /**
   * Ends the use of a borrowed tensor.
   *
   * @param tensor the very handle that {@link #borrow} returned
   */
  @Override
  public void giveBack(Tensor tensor) {
    Integer index = lent.remove(tensor);
    if (index == null) {
      throw new IllegalStateException("a tensor was given back that is not lent");
    }
    busy.clear(index);
  }

  @Override
  public void done(Tensor input, Tensor output, Backward backward) {
    // Nobody goes back.
  }

  @Override
  public void added(Tensor term, Tensor sum) {
    // Nobody goes back.
  }

  /** Ends the use of every tensor that is still lent: after a pass that failed half-way. */
  void reclaim() {
    busy.clear();
    lent.clear();
  }

  /** Number of tensors that are lent now. */
  int lent() {
    return lent.size();
  }

  /** Bytes of all buffers. */
  long bytes() {
    return buffers.stream().mapToLong(buffer -> buffer.owner().bytes()).sum();
  }

  @Override
  public void close() {
    reclaim();
    buffers.forEach(buffer -> buffer.owner().close());
    buffers.clear();
  }

  /** The free buffer of this index, at least as long as asked for. */
  private Buffer buffer(int index, int length) {
    if (index < buffers.size()) {
      Buffer present = buffers.get(index);
      if (present.values().length() >= length) {
        return present;
      }
      present.owner().close();
      buffers.remove(index);
    }
    Arena owner = kernels.arena();
    buffers.add(index, new Buffer(owner, owner.allocate(length)));
    return buffers.get(index);
  }
}
