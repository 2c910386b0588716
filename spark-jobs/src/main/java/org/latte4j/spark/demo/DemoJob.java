package org.latte4j.spark.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.data.clip.ClipWindow;
import org.latte4j.data.media.ContactSheet;
import org.latte4j.data.transform.FrameTransform;
import org.latte4j.model.settings.Settings;
import org.latte4j.spark.averaging.RoundMetrics;
import org.latte4j.spark.averaging.TrainingState;
import org.latte4j.spark.checkpoint.CheckpointState.RoundLoss;
import org.latte4j.spark.checkpoint.ModelExport;
import org.latte4j.spark.encode.EncodeJob;
import org.latte4j.spark.encode.EncodeResult;
import org.latte4j.spark.encode.EncodeSettings;
import org.latte4j.spark.observe.RunObserver;
import org.latte4j.spark.report.LossCurve;
import org.latte4j.spark.sample.GeneratedVideo;
import org.latte4j.spark.sample.SampleJob;
import org.latte4j.spark.sample.SampleResult;
import org.latte4j.spark.train.RunDescription;
import org.latte4j.spark.train.RunListener;
import org.latte4j.spark.train.TrainJob;
import org.latte4j.spark.train.TrainResult;

/**
 * From real video to generated video: encodes the excerpts, trains by parameter averaging, samples
 * every class, and puts real and generated frames side by side. For one use, by one thread.
 */
public final class DemoJob {
  private static final int CELL_PIXELS = 96;

  private final JavaSparkContext context;
  private final Settings settings;
  private final DemoFiles files;
  private final Path output;
  private final DemoListener listener;

  /**
   * A demo.
   *
   * @param settings the demo's, merged with what the user gave
   * @param output local folder for everything that it makes
   */
  public DemoJob(
      JavaSparkContext context,
      Settings settings,
      DemoFiles files,
      Path output,
      DemoListener listener) {
    this.context = context;
    this.settings = settings;
    this.files = files;
    this.output = output.toAbsolutePath();
    this.listener = listener;
  }

  /**
   * Runs all stages; what an earlier run of the same demo finished is not done again.
   *
   * @throws IOException if something cannot be read or written
   */
  public DemoResult execute() throws IOException {
    long begin = System.nanoTime();
    Files.createDirectories(output);
    EncodeResult encoded = encode();
    TrainResult trained = train();
    SampleJob sampling = sampling();
    SampleResult sampled = sampling.execute();
    Path sheet = output.resolve("contact-sheet.png");
    contactSheet(sampling.generated()).write(sheet);
    Path curve = output.resolve("loss.png");
    lossCurve(trained).write(curve);
    if (fromScratch()) {
      export(trained);
    }
    List<RoundLoss> losses = trained.losses();
    return new DemoResult(
        fromScratch() ? "from scratch" : "going on from the shipped checkpoint",
        encoded.manifest().videos(),
        trained.rounds(),
        losses.get(losses.size() - 1).loss(),
        sampled.videos().stream().flatMap(video -> video.files().stream()).toList(),
        sheet.toString(),
        curve.toString(),
        shards().toString(),
        trained.checkpoint(),
        (System.nanoTime() - begin) / 1e9);
  }

  private EncodeResult encode() throws IOException {
    listener.stageBegins(
        "encoding the excerpts of real video into latent shards", "encode", "videos", 0);
    return new EncodeJob(
            context,
            files.excerpts().toUri().toString(),
            shards().toUri().toString(),
            EncodeSettings.from(settings),
            (videos, total, frames, rejected) -> listener.advances(videos, total, ""))
        .execute();
  }

  private TrainResult train() throws IOException {
    long rounds = settings.integer("train.rounds", 1, Integer.MAX_VALUE);
    listener.stageBegins(
        fromScratch()
            ? "training from scratch: this takes about forty minutes on two cores"
            : "training goes on from the checkpoint that ships with Latte4J",
        "train",
        "rounds",
        rounds);
    return new TrainJob(context, settings, hadoop(shards()), hadoop(output.resolve("run")))
        .listener(
            new RunListener<RunDescription>() {
              @Override
              public void roundDone(RoundMetrics metrics, TrainingState averaged) {
                listener.advances(metrics.round() + 1, rounds, metrics.summary());
              }
            })
        .listener(RunObserver.ofLatte(context, settings))
        .execute();
  }

  private SampleJob sampling() throws IOException {
    SampleJob job =
        new SampleJob(
            context, settings, hadoop(output.resolve("run")), hadoop(output.resolve("videos")));
    long videos = job.videos();
    listener.stageBegins("generating video of every class", "sample", "videos", videos);
    return job.progress(done -> listener.advances(done, videos, ""));
  }

  private ContactSheet contactSheet(List<GeneratedVideo> generated) throws IOException {
    ClipWindow window =
        new ClipWindow(
            settings.integer("model.frames", 1, Integer.MAX_VALUE),
            settings.integer("train.frame-interval", 1, Integer.MAX_VALUE));
    FrameTransform transform = EncodeSettings.from(settings).recipe().transform();
    ContactSheet sheet = new ContactSheet(CELL_PIXELS);
    for (GeneratedVideo video : generated) {
      String name = video.video().className();
      sheet.row(name + "\nreal", RealClip.of(files.excerpts().resolve(name), window, transform));
      sheet.row(name + "\ngenerated", video.preview());
    }
    return sheet;
  }

  /** What conf/demo/checkpoint holds, so that what ships can be made again. */
  private void export(TrainResult trained) throws IOException {
    Path folder = output.resolve("checkpoint");
    ModelExport.write(
        new org.apache.hadoop.fs.Path(trained.checkpoint()), context.hadoopConfiguration(), folder);
    lossCurve(trained).write(folder.resolve("loss.png"));
  }

  private LossCurve lossCurve(TrainResult trained) {
    int steps = settings.integer("train.local-steps", 1, Integer.MAX_VALUE);
    return new LossCurve(
        fromScratch() ? "Training loss, from scratch" : "Training loss, from the checkpoint",
        trained.losses().stream()
            .map(loss -> new LossCurve.Point((loss.round() + 1) * steps, loss.loss()))
            .toList());
  }

  private boolean fromScratch() {
    return settings.optionalText("train.start-from").isEmpty();
  }

  private Path shards() {
    return output.resolve("shards");
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }

  /** The settings that the shipped checkpoint adds: where training starts. */
  public static Map<String, String> startingFrom(DemoFiles files) {
    return Map.of("train.start-from", files.checkpoint().toUri().toString());
  }
}
