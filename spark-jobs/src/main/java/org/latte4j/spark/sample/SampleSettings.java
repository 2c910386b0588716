package org.latte4j.spark.sample;

import java.io.Serializable;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.diffusion.GuidanceInterval;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.diffusion.NoiseSchedule;
import org.latte4j.model.diffusion.Respacing;
import org.latte4j.model.diffusion.Sampler;
import org.latte4j.model.latte.TextConditioning;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.model.weights.Part;

/**
 * The settings below {@code sample}, checked.
 *
 * @param sampler which reverse process
 * @param steps denoising steps
 * @param eta share of fresh noise in a DDIM step
 * @param guidance scale of classifier-free guidance; 1 for none
 * @param guidanceInterval noise levels that are guided
 * @param clamp what the predicted x_0 is limited to
 * @param videosPerClass videos of each class or text, or of a model without
 * @param firstVideo number of the first of them
 * @param classes names or indices; empty for all
 * @param textEmbeddings list, file or folder of text embeddings that videos are made of; empty for
 *     none
 * @param negativeText name of the text that guidance leads away from; empty for no text
 * @param seed of all noise
 * @param frames of a video; 0 for as many as the model was trained on
 * @param overlap frames that neighbouring windows of a longer video share; 0 for half a window
 * @param image file of the picture that videos begin with; empty for none
 * @param outputs what is written
 * @param framesPerSecond of the written files
 * @param enlarge how often every pixel is repeated in both directions in the written files
 * @param weights which set of weights
 * @param autoencoder folder of the autoencoder; empty for the built-in one
 * @param batchSize videos that a task makes at once, at most
 * @param threads of one task's arithmetic
 */
public record SampleSettings(
    Process sampler,
    int steps,
    double eta,
    double guidance,
    GuidanceInterval guidanceInterval,
    Clamp clamp,
    int videosPerClass,
    int firstVideo,
    List<String> classes,
    String textEmbeddings,
    String negativeText,
    long seed,
    int frames,
    int overlap,
    String image,
    Set<Output> outputs,
    int framesPerSecond,
    int enlarge,
    Part weights,
    String autoencoder,
    int batchSize,
    int threads)
    implements Serializable {
  static final String TEXT_EMBEDDINGS = "sample.text-embeddings";
  static final String NEGATIVE_TEXT = "sample.negative-text";

  private static final int MOST_FRAMES = 1 << 20;

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

  /** What is written. */
  public enum Output {
    /** H.264 in MP4, a file a video. */
    MP4,
    /** Animated GIF, a file a video. */
    GIF,
    /** A folder of PNG files a video, a file a frame. */
    FRAMES,
    /** One picture with the first videos' frames. */
    CONTACT_SHEET;

    private String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * Reads and checks the settings.
   *
   * @throws SettingsException if a value is out of range, or settings do not go together
   */
  public static SampleSettings from(Settings settings) {
    SampleSettings read =
        new SampleSettings(
            settings.oneOf("sample.sampler", Process.class),
            settings.integer("sample.steps", 2, 1000),
            settings.number("sample.eta", 0, 1),
            settings.number("sample.guidance", 0, 1000),
            guidanceInterval(settings),
            settings.oneOf("sample.clamp", Clamp.class),
            settings.integer("sample.videos-per-class", 1, 1 << 24),
            settings.integer("sample.first-video", 0, Integer.MAX_VALUE - (1 << 24)),
            settings.list("sample.classes"),
            settings.optionalText(TEXT_EMBEDDINGS).orElse(""),
            settings.optionalText(NEGATIVE_TEXT).orElse(""),
            settings.wholeNumber("sample.seed", Long.MIN_VALUE, Long.MAX_VALUE),
            settings.integer("sample.frames", 0, MOST_FRAMES),
            settings.integer("sample.overlap", 0, MOST_FRAMES),
            settings.optionalText("sample.image").orElse(""),
            outputs(settings),
            settings.integer("sample.frames-per-second", 1, 50),
            settings.integer("sample.enlarge", 1, 64),
            settings.oneOf("sample.weights", Part.class),
            settings.optionalText("sample.autoencoder").orElse(""),
            settings.integer("sample.batch-size", 1, 1 << 16),
            settings.integer("sample.threads", 1, 1024));
    if (read.sampler == Process.DDPM && read.eta > 0) {
      throw settings.invalid(
          "sample.eta", "0 with sample.sampler = ddpm, whose noise is learned; eta is DDIM's");
    }
    if (read.guidance == 1 && !read.guidanceInterval.equals(GuidanceInterval.ALWAYS)) {
      throw settings.invalid(
          "sample.guidance-interval", "[] with sample.guidance = 1, which is without guidance");
    }
    if (!read.negativeText.isEmpty() && (read.guidance == 1 || read.textEmbeddings.isEmpty())) {
      throw settings.invalid(
          NEGATIVE_TEXT,
          "empty without guidance (sample.guidance = 1) or without " + TEXT_EMBEDDINGS);
    }
    return read;
  }

  private static GuidanceInterval guidanceInterval(Settings settings) {
    List<String> ends = settings.list("sample.guidance-interval");
    if (ends.isEmpty()) {
      return GuidanceInterval.ALWAYS;
    }
    try {
      if (ends.size() == 2) {
        return new GuidanceInterval(
            Double.parseDouble(ends.get(0).strip()), Double.parseDouble(ends.get(1).strip()));
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw settings.invalid(
        "sample.guidance-interval",
        "[low, high], noise levels with 0 <= low < high, such as [0.2, 8]; or [] for all");
  }

  private static Set<Output> outputs(Settings settings) {
    EnumSet<Output> outputs = EnumSet.noneOf(Output.class);
    for (String name : settings.list("sample.outputs")) {
      outputs.add(
          EnumSet.allOf(Output.class).stream()
              .filter(output -> output.key().equals(name.strip()))
              .findFirst()
              .orElseThrow(() -> badOutputs(settings)));
    }
    if (outputs.isEmpty()) {
      throw badOutputs(settings);
    }
    return outputs;
  }

  private static SettingsException badOutputs(Settings settings) {
    return settings.invalid(
        "sample.outputs", "a list of at least one of mp4, gif, frames, contact-sheet");
  }

  /**
   * Refuses what does not go together with a model.
   *
   * @throws SettingsException saying what would
   */
  void check(ModelCard card, Settings settings) {
    int window = card.network().latent().frames();
    if (frames != 0 && frames < window) {
      throw settings.invalid(
          "sample.frames", "0, or at least the %d frames of the model's clips".formatted(window));
    }
    if (isLonger(card) && window < 2) {
      throw settings.invalid(
          "sample.frames", "0: windows of a model of single frames cannot overlap");
    }
    if (overlap != 0 && !isLonger(card)) {
      throw settings.invalid(
          "sample.overlap",
          "0 where sample.frames asks for no more than the %d frames of the model's clips"
              .formatted(window));
    }
    if (overlap >= window) {
      throw settings.invalid(
          "sample.overlap", "less than the %d frames of the model's clips".formatted(window));
    }
    checkText(card, settings);
    boolean guidable = card.network().conditional() || !textEmbeddings.isEmpty();
    if (!guidable && !guidanceInterval.equals(GuidanceInterval.ALWAYS)) {
      throw settings.invalid(
          "sample.guidance-interval",
          "[]: the model has no classes%s, there is nothing to guide"
              .formatted(isTold(card) ? ", and there is no text" : ""));
    }
    if (!image.isEmpty() && card.network().latent().height() != card.network().latent().width()) {
      throw settings.invalid(
          "sample.image", "empty: pictures are cut to squares, and the model's are not square");
    }
  }

  private void checkText(ModelCard card, Settings settings) {
    if (isTold(card) && !classes.isEmpty()) {
      throw settings.invalid(
          "sample.classes",
          "[]: the model is told texts and knows no classes; "
              + TEXT_EMBEDDINGS
              + " says what is to be drawn");
    }
    boolean needsText = card.network().architecture().text() == TextConditioning.CROSS_ATTENTION;
    if (needsText && textEmbeddings.isEmpty()) {
      throw settings.invalid(
          TEXT_EMBEDDINGS, "a list, file or folder of text embeddings: the model needs a text");
    }
    if (needsText && guidance != 1 && negativeText.isEmpty()) {
      throw settings.invalid(
          NEGATIVE_TEXT,
          "the name of the text that guidance leads away from, the empty one as a rule (its embedding"
              + " is to be among sample.text-embeddings); or sample.guidance = 1");
    }
    if (!isTold(card) && !textEmbeddings.isEmpty()) {
      throw settings.invalid(
          TEXT_EMBEDDINGS,
          card.network().conditional()
              ? "empty: the model is told classes and no texts; sample.classes says what is to be drawn"
              : "empty: the model is told neither texts nor classes");
    }
  }

  private static boolean isTold(ModelCard card) {
    return card.network().architecture().text() != TextConditioning.NONE;
  }

  /** Whether videos are longer than the clips of training. */
  boolean isLonger(ModelCard card) {
    return frames > card.network().latent().frames();
  }

  /** Frames that neighbouring windows share. */
  int overlap(ModelCard card) {
    return overlap > 0 ? overlap : card.network().latent().frames() / 2;
  }

  /** Size of the latents of one video. */
  LatentShape shape(ModelCard card) {
    LatentShape clip = card.network().latent();
    return frames == 0
        ? clip
        : new LatentShape(frames, clip.channels(), clip.height(), clip.width());
  }

  /** The sampler for a model. */
  Sampler sampler(ModelCard card) {
    NoiseSchedule schedule = NoiseSchedule.linear();
    NoiseSchedule respaced = schedule.respaced(Respacing.parse(Integer.toString(steps)));
    LatentShape shape = shape(card);
    Sampler made =
        sampler == Process.DDIM
            ? Sampler.ddim(respaced, shape, eta)
            : Sampler.ddpm(respaced, shape);
    made = made.predicting(card.prediction());
    return clamp == Clamp.DATA ? made.clampedTo(card.channelRanges()) : made;
  }
}
