package org.latte4j.model.latte;

import org.latte4j.model.kernels.Tensor;

/** What a branch is multiplied by before it is added to the residual stream. */
interface Gate {
  /** The modulation tensor that holds the gates of a group of rows. */
  Tensor values(RowGroup group);

  /** Which of the tensor's vectors is the gate. */
  int vector();

  /** Where the gates' gradients are set; the shape is that of {@link #values}. */
  Tensor gradients(RowGroup group);

  /**
   * A gate among the vectors of a modulation.
   *
   * @param vector its number
   */
  static Gate of(Modulation modulation, int vector) {
    return new Gate() {
      @Override
      public Tensor values(RowGroup group) {
        return modulation.values(group);
      }

      @Override
      public int vector() {
        return vector;
      }

      @Override
      public Tensor gradients(RowGroup group) {
        return modulation.gradients(group);
      }
    };
  }

  /**
   * No gate: the branch is added as it is.
   *
   * @param ones [1, D]
   * @param ignored [1, D]: receives gradients that nobody needs
   */
  static Gate open(Tensor ones, Tensor ignored) {
    return new Gate() {
      @Override
      public Tensor values(RowGroup group) {
        return ones;
      }

      @Override
      public int vector() {
        return 0;
      }

      @Override
      public Tensor gradients(RowGroup group) {
        return ignored;
      }
    };
  }
}
