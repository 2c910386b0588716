package org.latte4j.spark.autoencoder;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.latte4j.spark.train.TrainResult;

/**
 * What the training of an autoencoder came to.
 *
 * @param autoencoder diffusers' folder
 * @param training rounds, samples, losses and the last checkpoint
 * @param trainingFrames that were trained on
 * @param scalingFactor one over the deviation of the latents
 * @param heldOut quality on videos that it has not seen: its own, then the best cosine transform's
 *     with as many latent values; empty if no video is held out
 */
public record AutoencoderResult(
    String autoencoder,
    @JsonUnwrapped TrainResult training,
    int trainingFrames,
    double scalingFactor,
    List<ReconstructionQuality> heldOut) {
  /** Copies the list. */
  public AutoencoderResult {
    heldOut = List.copyOf(heldOut);
  }

  /** Quality and place of the autoencoder, in lines for people. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    heldOut.forEach(quality -> lines.add(quality.toString()));
    if (heldOut.isEmpty()) {
      lines.add("no held-out videos: quality was not measured");
    }
    lines.add(
        String.format(
            Locale.ROOT, "autoencoder: %s (scaling factor %.5f)", autoencoder, scalingFactor));
    return lines;
  }
}
