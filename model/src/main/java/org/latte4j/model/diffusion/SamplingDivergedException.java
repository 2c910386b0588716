package org.latte4j.model.diffusion;

/** Sampling has produced values that are not numbers; the message says at which step. */
public final class SamplingDivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SamplingDivergedException(int item, int done, int total, int timestep) {
    super(
        ("sample %d of the batch is not finite after step %d of %d (timestep %d): the weights are"
                + " damaged or the model is not trained far enough; check the checkpoint, or limit"
                + " the predicted x_0 to the channel ranges of the data set")
            .formatted(item, done, total, timestep));
  }
}
