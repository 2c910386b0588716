package org.latte4j.spark.sample;

import java.io.Serializable;
import java.util.List;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.diffusion.NoiseSchedule;
import org.latte4j.model.diffusion.Respacing;
import org.latte4j.model.diffusion.Sampler;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.weights.Part;

/**
 * The settings below {@code sample}, checked.
 *
 * @param sampler which reverse process
 * @param steps denoising steps
 * @param eta share of fresh noise in a DDIM step
 * @param guidance scale of classifier-free guidance; 1 for none
 * @param clamp what the predicted x_0 is limited to
 * @param videosPerClass videos of each class, or of a model without classes
 * @param classes names or indices; empty for all
 * @param seed of all noise
 * @param framesPerSecond of the written files
 * @param enlarge how often every pixel is repeated in both directions in the written files
 * @param weights which set of weights
 * @param autoencoder folder of the autoencoder; empty for the built-in one
 * @param batchSize videos that one task makes at once
 * @param threads of one task's arithmetic
 */
public record SampleSettings(
    Process sampler,
    int steps,
    double eta,
    double guidance,
    Clamp clamp,
    int videosPerClass,
    List<String> classes,
    long seed,
    int framesPerSecond,
    int enlarge,
    Part weights,
    String autoencoder,
    int batchSize,
    int threads)
    implements Serializable {

  /** Reverse processes. */
  public enum Process {
    /** Ancestral sampling with the learned variance. */
    DDPM,
    /** Denoising diffusion implicit models. */
    DDIM
  }

  /** What the predicted x_0 is limited to in every step. */
  public enum Clamp {
    /** Nothing, as the reference. */
    NONE,
    /** Each channel's range over the training data. */
    DATA
  }

  /** Reads and checks the settings. */
  public static SampleSettings from(Settings settings) {
    return new SampleSettings(
        settings.oneOf("sample.sampler", Process.class),
        settings.integer("sample.steps", 1, 1000),
        settings.number("sample.eta", 0, 1),
        settings.number("sample.guidance", 0, 1000),
        settings.oneOf("sample.clamp", Clamp.class),
        settings.integer("sample.videos-per-class", 1, 1 << 24),
        settings.list("sample.classes"),
        settings.wholeNumber("sample.seed", Long.MIN_VALUE, Long.MAX_VALUE),
        settings.integer("sample.frames-per-second", 1, 50),
        settings.integer("sample.enlarge", 1, 64),
        settings.oneOf("sample.weights", Part.class),
        settings.optionalText("sample.autoencoder").orElse(""),
        settings.integer("sample.batch-size", 1, 1 << 16),
        settings.integer("sample.threads", 1, 1024));
  }

  /** The same, but for the number of videos of each class. */
  SampleSettings withVideosPerClass(int count) {
    return new SampleSettings(
        sampler,
        steps,
        eta,
        guidance,
        clamp,
        count,
        classes,
        seed,
        framesPerSecond,
        enlarge,
        weights,
        autoencoder,
        batchSize,
        threads);
  }

  /** The sampler for a model. */
  Sampler sampler(ModelCard card) {
    NoiseSchedule schedule = NoiseSchedule.linear();
    NoiseSchedule respaced = schedule.respaced(Respacing.parse(Integer.toString(steps)));
    Sampler made =
        sampler == Process.DDIM
            ? Sampler.ddim(respaced, card.network().latent(), eta)
            : Sampler.ddpm(respaced, card.network().latent());
    return clamp == Clamp.DATA ? made.clampedTo(card.channelRanges()) : made;
  }
}
