package org.latte4j.spark.autoencoder;

import java.util.List;
import org.latte4j.spark.checkpoint.CheckpointState.RoundLoss;

/**
 * What the training of an autoencoder came to.
 *
 * @param autoencoder diffusers' folder
 * @param checkpoint folder of the last checkpoint
 * @param parameters trainable values
 * @param trainingFrames that were trained on
 * @param rounds run by this call; 0 if the run was finished already
 * @param samples used by this call
 * @param seconds that the rounds took
 * @param losses mean loss of every round since the start, as far as checkpoints kept them
 * @param scalingFactor one over the deviation of the latents
 * @param heldOut quality on videos that it has not seen: its own, then the best cosine transform's
 *     with as many latent values; empty if no video is held out
 */
public record AutoencoderResult(
    String autoencoder,
    String checkpoint,
    long parameters,
    int trainingFrames,
    long rounds,
    long samples,
    double seconds,
    List<RoundLoss> losses,
    double scalingFactor,
    List<ReconstructionQuality> heldOut) {
  /** Copies the lists. */
  public AutoencoderResult {
    losses = List.copyOf(losses);
    heldOut = List.copyOf(heldOut);
  }
}
