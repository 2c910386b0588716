package org.latte4j.model.latte;

/**
 * What a network's buffers are planned for.
 *
 * @param batch B: clips of every pass
 * @param images N: image frames appended to every clip for joint training (section 3.4)
 * @param purpose which passes are made
 */
public record LattePlan(int batch, int images, Purpose purpose) {

  /** What the network is planned for. */
  public enum Purpose {
    /** Forward and backward passes: every block keeps its activations. */
    TRAINING,
    /**
     * Forward and backward passes with less memory: of every block only the output is kept, and the
     * backward pass computes its activations again. Gradients are the same to the bit.
     */
    CHECKPOINTED_TRAINING,
    /** Forward passes alone: blocks share activations. */
    INFERENCE
  }

  /** Refuses a batch below one and a negative number of images. */
  public LattePlan {
    if (batch < 1) {
      throw new IllegalArgumentException("the batch size must be at least 1, not " + batch);
    }
    if (images < 0) {
      throw new IllegalArgumentException(
          "the images of a clip must not be negative, but are " + images);
    }
  }

  /** For forward and backward passes over clips. */
  public static LattePlan training(int batch) {
    return new LattePlan(batch, 0, Purpose.TRAINING);
  }

  /** For forward passes over clips. */
  public static LattePlan inference(int batch) {
    return new LattePlan(batch, 0, Purpose.INFERENCE);
  }

  /** The same with image frames after every clip's own. */
  public LattePlan withImages(int count) {
    return new LattePlan(batch, count, purpose);
  }

  /** The same for another purpose. */
  public LattePlan with(Purpose other) {
    return new LattePlan(batch, images, other);
  }
}
