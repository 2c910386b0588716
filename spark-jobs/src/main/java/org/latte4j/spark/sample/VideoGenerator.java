package org.latte4j.spark.sample;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.IntStream;
import org.latte4j.data.video.RgbImage;
import org.latte4j.model.autoencoder.Autoencoder;
import org.latte4j.model.autoencoder.Autoencoders;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.diffusion.ClipwiseDenoiser;
import org.latte4j.model.diffusion.Denoiser;
import org.latte4j.model.diffusion.GuidedDenoiser;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.diffusion.Sampler;
import org.latte4j.model.diffusion.SeededNoise;
import org.latte4j.model.diffusion.WindowedDenoiser;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.KernelsChoice;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LatteDenoiser;
import org.latte4j.model.latte.T2vConfiguration;
import org.latte4j.model.latte.T2vDenoiser;
import org.latte4j.model.latte.T2vWeights;
import org.latte4j.model.latte.TextDenoiser;
import org.latte4j.model.latte.ToldDenoiser;
import org.latte4j.model.weights.WeightFormatException;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.spark.averaging.ActivityReport;

/**
 * Noise to video in one process: guided denoising, then decoding. A video depends on the model, the
 * settings, its number and its label or text alone, not on the batch it was made in. Owns its
 * memory; not thread-safe.
 */
final class VideoGenerator implements AutoCloseable {
  private final ModelCard card;
  private final SampleSettings settings;
  private final Kernels kernels;
  private final Autoencoder autoencoder;
  private final Network network;
  private final Denoiser denoiser;
  private final Sampler sampler;

  /**
   * Reads weights and opens the autoencoder.
   *
   * @param firstFrame the picture that videos begin with, if any
   * @throws WeightFormatException if the weights do not fit the card, or the autoencoder is not the
   *     one that the model was trained with
   */
  VideoGenerator(
      ModelCard card, WeightSource weights, SampleSettings settings, FirstFrame firstFrame)
      throws IOException {
    this.card = card;
    this.settings = settings;
    this.autoencoder = autoencoder(card, settings);
    this.kernels = KernelsChoice.forBackend(settings.threads());
    Optional<Network> opened = Optional.empty();
    try {
      opened = Optional.of(network(weights));
      this.network = opened.get();
      this.denoiser = denoiser();
      this.sampler = firstFrame.holding(settings.sampler(card), card, autoencoder);
    } catch (IOException | RuntimeException e) {
      opened.ifPresent(open -> open.freeing().run());
      kernels.close();
      autoencoder.close();
      throw e;
    }
  }

  /**
   * The network that the card describes.
   *
   * @param told the same, if it is told texts
   * @param freeing ends it
   */
  private record Network(Denoiser denoiser, Optional<ToldDenoiser> told, Runnable freeing) {
    static Network of(ToldDenoiser told) {
      return new Network(told, Optional.of(told), told::close);
    }
  }

  private Network network(WeightSource weights) throws IOException {
    LatteConfiguration sizes = card.network();
    return switch (sizes.architecture().text()) {
      case NONE -> {
        LatteDenoiser latte = new LatteDenoiser(kernels, sizes, weights);
        ClipwiseDenoiser clipwise = new ClipwiseDenoiser(latte, sizes.latent());
        yield new Network(clipwise, Optional.empty(), latte::close);
      }
      case CLIP -> Network.of(new TextDenoiser(new LatteDenoiser(kernels, sizes, weights)));
      case CROSS_ATTENTION -> {
        T2vConfiguration wider = new T2vConfiguration(sizes, T2vWeights.textWidth(weights));
        yield Network.of(new T2vDenoiser(kernels, wider, weights));
      }
    };
  }

  /** Sets the text that guidance leads away from. */
  void leadAwayFrom(float[] text) {
    network.told().orElseThrow().negative(text);
  }

  /**
   * Refuses a model whose autoencoder is neither built in nor named.
   *
   * @throws WeightFormatException saying so
   */
  static void requireAutoencoder(ModelCard card, SampleSettings settings)
      throws WeightFormatException {
    autoencoderName(card, settings);
  }

  private static String autoencoderName(ModelCard card, SampleSettings settings)
      throws WeightFormatException {
    if (!settings.autoencoder().isEmpty()) {
      return settings.autoencoder();
    }
    return Autoencoders.builtIn(card.autoencoderFingerprint())
        .orElseThrow(
            () ->
                new WeightFormatException(
                    "the model was trained on latents of the autoencoder %s, which is not built in:"
                            .formatted(card.autoencoder())
                        + " name its folder with --set sample.autoencoder=FOLDER"));
  }

  private static Autoencoder autoencoder(ModelCard card, SampleSettings settings)
      throws IOException {
    String name = autoencoderName(card, settings);
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
   * Makes the latents of videos.
   *
   * @param batch the number of each video decides all noise, with the seed
   * @param texts embedding of each; empty for videos without texts
   * @return [B, F, C, H, W], unscaled
   */
  float[] latents(List<SampleRequest> batch, List<float[]> texts) {
    network.told().ifPresent(denoiser -> denoiser.texts(texts));
    int[] labels =
        texts.isEmpty() ? SampleRequest.labels(batch) : IntStream.range(0, texts.size()).toArray();
    float[] latents =
        sampler.sample(
            denoiser,
            batch.size(),
            labels,
            new SeededNoise(settings.seed(), SampleRequest.samples(batch), settings.shape(card)));
    for (int i = 0; i < latents.length; i++) {
      latents[i] /= (float) card.scale();
    }
    return latents;
  }

  /**
   * The frames of a video, decoded as they are asked for, a few at a time.
   *
   * @param latents of {@link #latents}
   * @param video its place among them
   */
  Iterator<RgbImage> frames(float[] latents, int video) {
    LatentShape shape = settings.shape(card);
    int first = video * shape.frames();
    return new Iterator<>() {
      private final Deque<RgbImage> decoded = new ArrayDeque<>();
      private int next;

      @Override
      public boolean hasNext() {
        return !decoded.isEmpty() || next < shape.frames();
      }

      @Override
      public RgbImage next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        if (decoded.isEmpty()) {
          int count = Math.min(card.network().latent().frames(), shape.frames() - next);
          decoded.addAll(decode(latents, first + next, count));
          next += count;
        }
        return decoded.remove();
      }
    };
  }

  /** The same, keeping some for a contact sheet. */
  Preview preview(float[] latents, int video) {
    return new Preview(
        frames(latents, video), settings.shape(card).frames(), card.network().latent().frames());
  }

  private List<RgbImage> decode(float[] latents, int firstFrame, int count) {
    LatentShape shape = card.network().latent();
    float[] clip =
        Arrays.copyOfRange(
            latents, firstFrame * shape.frameLength(), (firstFrame + count) * shape.frameLength());
    float[] images = autoencoder.decode(clip, count, shape.height(), shape.width());
    int height = shape.height() * autoencoder.downsampling();
    int width = shape.width() * autoencoder.downsampling();
    List<RgbImage> frames = new ArrayList<>();
    for (int f = 0; f < count; f++) {
      frames.add(RgbImage.fromPlanar(images, f * 3 * height * width, height, width));
    }
    return frames;
  }

  /** The network, guided, over videos of any length. */
  private Denoiser denoiser() {
    LatentShape clip = card.network().latent();
    Denoiser predicting =
        (x, t, y, out) -> {
          network.denoiser().denoise(x, t, y, out);
          ActivityReport.step();
        };
    boolean guidable = card.network().conditional() || !settings.textEmbeddings().isEmpty();
    if (guidable && settings.guidance() != 1) {
      int nullLabel =
          network.told().isPresent() ? ToldDenoiser.NO_TEXT : card.network().nullLabel();
      predicting =
          new GuidedDenoiser(predicting, clip, settings.guidance(), nullLabel)
              .within(settings.guidanceInterval());
    }
    return settings.isLonger(card)
        ? new WindowedDenoiser(
            predicting, clip, settings.frames(), settings.overlap(card), settings.batchSize())
        : predicting;
  }

  @Override
  public void close() {
    network.freeing().run();
    kernels.close();
    autoencoder.close();
  }
}
