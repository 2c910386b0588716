package org.latte4j.spark.autoencoder;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.frames.FrameManifest;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.spark.encode.EncodeSettings;
import org.latte4j.spark.train.ChangePolicy;
import org.latte4j.spark.train.RunListener;
import org.latte4j.spark.train.TrainResult;
import org.latte4j.spark.train.TrainingRun;

/**
 * Trains an AutoencoderKL on the frames of videos by parameter averaging: extracts the frames once,
 * runs the rounds with checkpoints, then measures the latents' scale and the loss on held-out
 * videos, and writes diffusers' folder.
 *
 * <p>The result follows from the settings and the videos alone, whatever the number of executors.
 * Killed and started again, it goes on where it stopped. For one use, by one thread.
 */
public final class TrainAutoencoderJob {
  /** Name of diffusers' folder in the run's. */
  public static final String AUTOENCODER = "autoencoder";

  private static final String FRAMES = "frames";

  private final JavaSparkContext context;
  private final Configuration hadoop;
  private final Settings settings;
  private final EncodeSettings encode;
  private final AutoencoderSettings autoencoder;
  private final Path input;
  private final Path output;
  private final TrainingRun<AutoencoderRunDescription> run;
  private Consumer<FrameManifest> framesReady = frames -> {};

  /**
   * A job.
   *
   * @param settings {@code source.*}, {@code encode.*} (what concerns decoding), {@code
   *     autoencoder.*} and {@code train.*} are read
   * @param input folder of videos on any Hadoop file system
   * @param output folder of the run
   * @throws SettingsException naming the key whose value is not allowed
   */
  public TrainAutoencoderJob(JavaSparkContext context, Settings settings, Path input, Path output) {
    this.context = context;
    this.hadoop = context.hadoopConfiguration();
    this.settings = settings;
    this.encode = EncodeSettings.from(settings);
    this.autoencoder = AutoencoderSettings.from(settings, encode.recipe().transform().size());
    this.input = input;
    this.output = output;
    this.run = new TrainingRun<>(context, settings, output);
  }

  /** Tells one more listener; listeners are called in the order of these calls. */
  public TrainAutoencoderJob listener(RunListener<? super AutoencoderRunDescription> listener) {
    run.listener(listener);
    return this;
  }

  /** Who is told once the frames are there, before training begins; nobody unless set. */
  public TrainAutoencoderJob framesReady(Consumer<FrameManifest> told) {
    this.framesReady = Objects.requireNonNull(told);
    return this;
  }

  /** What becomes of a run that is to go on with other settings; refused unless set. */
  public TrainAutoencoderJob changes(ChangePolicy policy) {
    run.changes(policy);
    return this;
  }

  /**
   * Runs what is missing: frames, rounds after the newest whole checkpoint, and the export.
   *
   * @throws SettingsException if the output folder holds a run with other settings or videos
   * @throws IOException if videos or frames cannot be read, or results not be written
   * @throws org.latte4j.spark.EnvironmentException if the executors lack memory or a backend
   * @throws org.latte4j.spark.train.TrainingDivergedException if a loss or a gradient is not a
   *     finite number
   * @throws org.latte4j.spark.watchdog.StalledException if nothing moved for as long as {@code
   *     train.watchdog.give-up-after}
   */
  public AutoencoderResult execute() throws IOException {
    Path folder = new Path(output, FRAMES);
    FrameManifest frames =
        new FrameExtraction(context, encode, autoencoder.every(), folder).execute(input);
    framesReady.accept(frames);
    FrameSource source =
        new FrameSource(
            folder.getFileSystem(hadoop).makeQualified(folder).toString(),
            frames.fingerprint(),
            autoencoder,
            new SerializableConfiguration(hadoop));
    TrainResult trained =
        run.toTheEnd(() -> new AutoencoderTraining(settings, input, source, frames));
    AutoencoderResult result = export(trained, frames, source);
    run.conclude(result.lines());
    return result;
  }

  private AutoencoderResult export(TrainResult trained, FrameManifest frames, FrameSource source)
      throws IOException {
    TrainedWeights weights =
        new TrainedWeights(
            trained.checkpoint(),
            autoencoder.weights(),
            autoencoder.network(),
            new SerializableConfiguration(hadoop));
    Assessment assessment = new Assessment(context, weights, source, frames);
    double scalingFactor = assessment.scalingFactor();
    List<ReconstructionQuality> heldOut = assessment.heldOut();
    Path folder = new Path(output, AUTOENCODER);
    try (WeightSource values = weights.open()) {
      new AutoencoderFolder(folder, hadoop)
          .write(
              autoencoder.network().scaledBy(scalingFactor),
              values,
              autoencoder.precision(),
              autoencoder.crop());
    }
    return new AutoencoderResult(
        folder.toString(), trained, source.training(frames).size(), scalingFactor, heldOut);
  }
}
