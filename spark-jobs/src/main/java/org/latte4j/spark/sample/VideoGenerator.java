package org.latte4j.spark.sample;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.latte4j.data.video.RgbImage;
import org.latte4j.model.autoencoder.Autoencoder;
import org.latte4j.model.autoencoder.Autoencoders;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.diffusion.Denoiser;
import org.latte4j.model.diffusion.GuidedDenoiser;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.diffusion.Sampler;
import org.latte4j.model.diffusion.SeededNoise;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.KernelsChoice;
import org.latte4j.model.latte.LatteDenoiser;
import org.latte4j.model.weights.WeightFormatException;
import org.latte4j.model.weights.WeightSource;

/**
 * Noise to video in one process: guided denoising, then decoding. A video depends on the model, the
 * settings, its number and its label alone, not on the batch it was made in. Owns its memory; not
 * thread-safe.
 */
public final class VideoGenerator implements AutoCloseable {
  private final ModelCard card;
  private final SampleSettings settings;
  private final Kernels kernels;
  private final LatteDenoiser denoiser;
  private final Autoencoder autoencoder;

  /**
   * Reads weights and opens the autoencoder.
   *
   * @throws WeightFormatException if the weights do not fit the card, or the autoencoder is not the
   *     one that the model was trained with
   */
  public VideoGenerator(ModelCard card, WeightSource weights, SampleSettings settings)
      throws IOException {
    this.card = card;
    this.settings = settings;
    this.autoencoder = autoencoder(card, settings);
    this.kernels = KernelsChoice.forBackend(settings.threads());
    this.denoiser = new LatteDenoiser(kernels, card.network(), weights);
  }

  /**
   * Refuses a model whose autoencoder is neither built in nor named.
   *
   * @throws WeightFormatException saying so
   */
  static void requireAutoencoder(ModelCard card, SampleSettings settings)
      throws WeightFormatException {
    if (settings.autoencoder().isEmpty() && !card.autoencoder().startsWith("dct-")) {
      throw new WeightFormatException(
          "the model was trained on latents of the autoencoder %s, which is not built in: name its"
                  .formatted(card.autoencoder())
              + " folder with --set sample.autoencoder=FOLDER");
    }
  }

  private static Autoencoder autoencoder(ModelCard card, SampleSettings settings)
      throws IOException {
    requireAutoencoder(card, settings);
    String name = settings.autoencoder().isEmpty() ? card.autoencoder() : settings.autoencoder();
    Autoencoder opened =
        Autoencoders.open(name, () -> KernelsChoice.forBackend(settings.threads()));
    if (!opened.fingerprint().equals(card.autoencoderFingerprint())) {
      String found = opened.fingerprint();
      opened.close();
      throw new WeightFormatException(
          "the model was trained on latents of another autoencoder: %s has the fingerprint %s, the"
                  .formatted(name, found)
              + " model needs "
              + card.autoencoderFingerprint());
    }
    return opened;
  }

  /**
   * Makes videos.
   *
   * @param samples number of each video: with the seed it decides all noise
   * @param labels class of each; empty for a model without classes
   * @return the frames of each video
   */
  public List<List<RgbImage>> generate(long[] samples, int[] labels) {
    LatentShape latent = card.network().latent();
    Sampler sampler = settings.sampler(card);
    float[] latents =
        sampler.sample(
            guided(), samples.length, labels, new SeededNoise(settings.seed(), samples, latent));
    for (int i = 0; i < latents.length; i++) {
      latents[i] /= (float) card.scale();
    }
    List<List<RgbImage>> videos = new ArrayList<>();
    int height = latent.height() * autoencoder.downsampling();
    int width = latent.width() * autoencoder.downsampling();
    float[] clip = new float[latent.length()];
    for (int v = 0; v < samples.length; v++) {
      System.arraycopy(latents, v * clip.length, clip, 0, clip.length);
      float[] images = autoencoder.decode(clip, latent.frames(), latent.height(), latent.width());
      List<RgbImage> frames = new ArrayList<>();
      for (int f = 0; f < latent.frames(); f++) {
        frames.add(RgbImage.fromPlanar(images, f * 3 * height * width, height, width));
      }
      videos.add(frames);
    }
    return videos;
  }

  private Denoiser guided() {
    return card.network().conditional() && settings.guidance() != 1
        ? new GuidedDenoiser(
            denoiser, card.network().latent(), settings.guidance(), card.network().nullLabel())
        : denoiser;
  }

  @Override
  public void close() {
    denoiser.close();
    kernels.close();
    autoencoder.close();
  }
}
