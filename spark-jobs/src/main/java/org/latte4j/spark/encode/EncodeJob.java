package org.latte4j.spark.encode;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.encode.EncodedShard;
import org.latte4j.data.encode.ShardPlan;
import org.latte4j.data.encode.TextReader;
import org.latte4j.data.shard.ChannelRange;
import org.latte4j.data.shard.LatentEncoding;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.ManifestFile;
import org.latte4j.data.shard.RejectedVideo;
import org.latte4j.data.shard.ShardFile;
import org.latte4j.data.shard.TextEncoding;
import org.latte4j.data.source.InvalidSourceException;
import org.latte4j.data.source.SourceListing;
import org.latte4j.data.source.SourceSettings;
import org.latte4j.data.source.SourceVideo;
import org.latte4j.data.source.TextEmbeddings;
import org.latte4j.data.transform.FrameTransform;
import org.latte4j.model.autoencoder.Autoencoder;
import org.latte4j.model.settings.SettingsException;

/**
 * Encodes a folder of videos into latent shards: lists the input on the driver, makes each file in
 * a task of its own, and writes the manifest last.
 *
 * <p>Files and their contents follow from the input and the settings alone, not from the number of
 * executors. Videos that cannot be decoded or are too short are listed in the manifest with
 * reasons. A job that was interrupted goes on with the files that are missing; one that is finished
 * encodes what has been added to the input or has changed, and files that are missing or damaged,
 * or does nothing.
 */
public final class EncodeJob {
  private final JavaSparkContext spark;
  private final Path input;
  private final Path output;
  private final EncodeSettings settings;
  private final EncodeProgress progress;
  private final Configuration hadoop;

  /**
   * A job, not started.
   *
   * @param input folder of videos on any Hadoop file system
   * @param output folder for the shards on any Hadoop file system
   */
  public EncodeJob(
      JavaSparkContext spark,
      String input,
      String output,
      EncodeSettings settings,
      EncodeProgress progress) {
    this.spark = spark;
    this.input = new Path(input);
    this.output = new Path(output);
    this.settings = settings;
    this.progress = progress;
    this.hadoop = spark.hadoopConfiguration();
  }

  /**
   * Runs the job.
   *
   * @throws SettingsException if autoencoder and image size do not fit
   * @throws OutputConflictException if the output folder holds another data set
   * @throws TooManyRejectedException if more videos were rejected than the settings allow
   * @throws IOException if the input cannot be listed or a file cannot be written
   */
  public EncodeResult execute() throws IOException {
    long begin = System.nanoTime();
    LatentEncoding encoding = describeLatents();
    SourceListing listing = withText(identified(settings.source().list(input, hadoop)));
    TextEncoding text = describeText(listing);
    Map<String, String> deciding = settings.deciding(encoding.autoencoder(), text);
    boolean existing = ManifestFile.existsIn(output, hadoop);
    EncodeWork work = existing ? difference(deciding, listing) : EncodeWork.all(listing);
    EncodeResult.Outcome outcome = EncodeResult.Outcome.ALREADY_FINISHED;
    Manifest manifest;
    if (work.nothing()) {
      manifest = ManifestFile.read(output, hadoop);
    } else {
      outcome = existing ? EncodeResult.Outcome.EXTENDED : EncodeResult.Outcome.ENCODED;
      OutputFolder folder = new OutputFolder(output, hadoop);
      folder.prepare(work.damaged());
      List<EncodedShard> shards = encode(encoding, text, deciding, listing, work);
      manifest = manifest(encoding, text, deciding, listing.classNames(), work, shards);
      // A speculative attempt that was killed while it renamed may have taken a file with it.
      LatentShards.of(output, hadoop, manifest).verifyLengths();
      ManifestFile.write(manifest, output, hadoop);
      folder.removeLeftovers(manifest);
    }
    List<String> repaired = work.damaged().stream().map(ShardFile::name).toList();
    Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
    return new EncodeResult(outcome, output.toString(), manifest, repaired, elapsed);
  }

  private EncodeWork difference(Map<String, String> deciding, SourceListing listing)
      throws IOException {
    return EncodeWork.difference(
        LatentShards.open(output, hadoop), deciding, listing, settings.verify());
  }

  private SourceListing identified(SourceListing listing) {
    if (settings.source().identity() == SourceSettings.Identity.STAT) {
      return listing;
    }
    List<SourceVideo> videos =
        new ExecutorMap(spark)
            .apply(
                "hash videos",
                listing.videos(),
                new ContentIdentityTask(new SerializableConfiguration(hadoop)),
                SourceVideo.class);
    return new SourceListing(videos, listing.classNames(), listing.rejected());
  }

  private SourceListing withText(SourceListing listing) throws IOException {
    if (settings.source().textEmbeddings().isEmpty()) {
      return listing;
    }
    Path place = new Path(settings.source().textEmbeddings().get());
    SourceListing joined =
        TextEmbeddings.read(place, EncodeSettings.TEXT_EMBEDDINGS, hadoop).join(listing);
    if (joined.videos().isEmpty()) {
      throw new InvalidSourceException(
          "%s (source.text-embeddings) has an embedding for none of the %d videos, such as %s"
              .formatted(place, listing.videos().size(), listing.videos().get(0).id()));
    }
    return joined;
  }

  /** By the first video's; the tasks check that the others are the same. */
  private TextEncoding describeText(SourceListing listing) throws IOException {
    if (settings.source().textEmbeddings().isEmpty()) {
      return TextEncoding.NONE;
    }
    try (TextReader reader = new TextReader(hadoop)) {
      return reader.describe(listing.videos().get(0).text());
    }
  }

  private LatentEncoding describeLatents() throws IOException {
    FrameTransform transform = settings.recipe().transform();
    try (Autoencoder autoencoder = openAutoencoder()) {
      int factor = autoencoder.downsampling();
      if (transform.size() % factor != 0) {
        throw new SettingsException(
            "encode.image-size = %d: it must be a multiple of %d, by which the autoencoder %s"
                    .formatted(transform.size(), factor, settings.autoencoder())
                + " divides it");
      }
      return new LatentEncoding(
          autoencoder.fingerprint(),
          transform.name() + " to " + transform.size(),
          autoencoder.latentChannels(),
          transform.size() / factor,
          transform.size() / factor,
          autoencoder.scalingFactor());
    }
  }

  private Autoencoder openAutoencoder() throws IOException {
    try {
      return AutoencoderSource.open(settings.autoencoder());
    } catch (IllegalArgumentException e) {
      throw new SettingsException(
          "encode.autoencoder = %s: %s".formatted(settings.autoencoder(), e.getMessage()), e);
    }
  }

  private List<EncodedShard> encode(
      LatentEncoding encoding,
      TextEncoding text,
      Map<String, String> deciding,
      SourceListing listing,
      EncodeWork work)
      throws IOException {
    EncodePlanner planner =
        new EncodePlanner(settings, new ExecutorMap(spark), new SerializableConfiguration(hadoop));
    EncodeTask task =
        new EncodeTask(
            new AutoencoderSource(settings.autoencoder(), encoding.autoencoder()),
            text,
            settings.recipe(),
            output.getFileSystem(hadoop).makeQualified(output).toString(),
            deciding.toString(),
            new SerializableConfiguration(hadoop));
    ShardPlan plan = planner.plan(work, listing);
    EncodeRun.Known known = new EncodeRun.Known(work.settled(), work.rejected());
    List<EncodedShard> first = run(plan, known, task);
    ShardPlan undivided = EncodePlanner.undivided(plan, first);
    if (undivided.shards().isEmpty()) {
      return first;
    }
    Set<String> failed = EncodePlanner.videos(undivided);
    List<EncodedShard> shards = new ArrayList<>();
    for (EncodedShard shard : first) {
      if (!EncodePlanner.isPartOf(shard, plan, failed)) {
        shards.add(shard);
      }
    }
    List<RejectedVideo> rejected = new ArrayList<>(work.rejected());
    shards.forEach(shard -> rejected.addAll(shard.rejected()));
    int settled = work.settled() + EncodePlanner.videos(plan).size() - failed.size();
    shards.addAll(run(undivided, new EncodeRun.Known(settled, rejected), task));
    return shards;
  }

  private List<EncodedShard> run(ShardPlan plan, EncodeRun.Known known, EncodeTask task)
      throws IOException {
    return new EncodeRun(spark, plan, settings.maxRejectedShare(), known, progress).run(task);
  }

  private Manifest manifest(
      LatentEncoding encoding,
      TextEncoding text,
      Map<String, String> deciding,
      List<String> classes,
      EncodeWork work,
      List<EncodedShard> shards) {
    Map<String, Integer> places = new HashMap<>(); // new files follow those that were there
    work.order().forEach(name -> places.put(name, places.size()));
    List<ShardFile> files =
        Stream.concat(work.kept().stream(), shards.stream().map(EncodedShard::file))
            .sorted(
                Comparator.<ShardFile>comparingInt(
                        file -> places.getOrDefault(file.name(), places.size()))
                    .thenComparing(ShardFile::name))
            .toList();
    List<RejectedVideo> rejected =
        Stream.concat(
                work.rejected().stream(),
                shards.stream().flatMap(shard -> shard.rejected().stream()))
            .sorted(Comparator.comparing(RejectedVideo::source))
            .toList();
    return new Manifest(
        encoding,
        settings.recipe().segmentation(),
        text,
        deciding,
        classes,
        channelRanges(encoding.channels(), work.ranges(), shards),
        files,
        rejected);
  }

  private static List<ChannelRange> channelRanges(
      int channels, List<ChannelRange> before, List<EncodedShard> shards) {
    List<ChannelRange> ranges = new ArrayList<>();
    for (int channel = 0; channel < channels; channel++) {
      int c = channel;
      ranges.add(
          Stream.concat(
                  before.stream().skip(c).limit(1),
                  shards.stream()
                      .filter(shard -> !shard.channelRanges().isEmpty())
                      .map(shard -> shard.channelRanges().get(c)))
              .reduce(ChannelRange::with)
              .orElseThrow());
    }
    return ranges;
  }
}
