package org.latte4j.model.latte;

import java.util.List;
import org.latte4j.model.diffusion.Denoiser;

/**
 * A network that is told texts, for samplers and guidance, which know labels: label i is the i-th
 * of the texts that were set last. Not thread-safe.
 */
public interface ToldDenoiser extends Denoiser, AutoCloseable {
  /** The label of a clip without text: what guidance leads away from. */
  int NO_TEXT = -1;

  /**
   * Sets the texts that labels stand for from now on.
   *
   * @param embeddings [L, D] each; kept, not copied
   */
  void texts(List<float[]> embeddings);

  /**
   * Sets the text that {@link #NO_TEXT} stands for.
   *
   * @param embedding [L, D]; kept, not copied
   */
  void negative(float[] embedding);

  /** Frees the network's memory. */
  @Override
  void close();
}
