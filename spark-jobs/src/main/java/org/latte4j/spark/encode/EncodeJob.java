package org.latte4j.spark.encode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.encode.EncodedShard;
import org.latte4j.data.encode.ShardPlan;
import org.latte4j.data.shard.ChannelRange;
import org.latte4j.data.shard.LatentEncoding;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.ManifestFile;
import org.latte4j.data.shard.RejectedVideo;
import org.latte4j.data.shard.ShardFile;
import org.latte4j.data.source.SourceListing;
import org.latte4j.data.source.SourceVideo;
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
 * does nothing.
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
    SourceListing listing = settings.source().list(input, hadoop);
    List<SourceVideo> videos = listing.videos();
    Map<String, String> deciding = settings.deciding(encoding.autoencoder());
    OutputFolder folder = new OutputFolder(output, hadoop);
    Manifest manifest;
    EncodeResult.Outcome outcome;
    if (ManifestFile.existsIn(output, hadoop)) {
      folder.requireSame(deciding, videos);
      LatentShards shards = LatentShards.open(output, hadoop);
      shards.verifyLengths();
      manifest = shards.manifest();
      outcome = EncodeResult.Outcome.ALREADY_FINISHED;
    } else {
      folder.prepare();
      manifest = manifest(encoding, deciding, listing, encode(encoding, deciding, videos));
      ManifestFile.write(manifest, output, hadoop);
      folder.removeLeftovers(manifest);
      outcome = EncodeResult.Outcome.ENCODED;
    }
    Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
    return new EncodeResult(outcome, output.toString(), manifest, elapsed);
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
      LatentEncoding encoding, Map<String, String> deciding, List<SourceVideo> videos)
      throws IOException {
    ShardPlan plan = ShardPlan.of(videos, settings.shardBytes(), settings.shardVideos());
    EncodeTask task =
        new EncodeTask(
            new AutoencoderSource(settings.autoencoder(), encoding.autoencoder()),
            settings.recipe(),
            output.getFileSystem(hadoop).makeQualified(output).toString(),
            identity(deciding, videos),
            new SerializableConfiguration(hadoop));
    return new EncodeRun(spark, plan, settings.maxRejectedShare(), progress).run(task);
  }

  /** Of the job: files that another job left unfinished are not taken over. */
  private static String identity(Map<String, String> deciding, List<SourceVideo> videos) {
    StringBuilder text = new StringBuilder(deciding.toString());
    for (SourceVideo video : videos) {
      text.append('\n').append(video.id()).append('\t').append(video.bytes());
    }
    try {
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private Manifest manifest(
      LatentEncoding encoding,
      Map<String, String> deciding,
      SourceListing listing,
      List<EncodedShard> shards) {
    List<ShardFile> files =
        shards.stream()
            .map(EncodedShard::file)
            .sorted(Comparator.comparing(ShardFile::name))
            .toList();
    List<RejectedVideo> rejected =
        Stream.concat(
                listing.rejected().stream(),
                shards.stream().flatMap(shard -> shard.rejected().stream()))
            .sorted(Comparator.comparing(RejectedVideo::source))
            .toList();
    return new Manifest(
        encoding,
        settings.recipe().segmentation(),
        deciding,
        listing.classNames(),
        channelRanges(encoding.channels(), shards),
        files,
        rejected);
  }

  private static List<ChannelRange> channelRanges(int channels, List<EncodedShard> shards) {
    List<ChannelRange> ranges = new ArrayList<>();
    for (int channel = 0; channel < channels; channel++) {
      int c = channel;
      ranges.add(
          shards.stream()
              .filter(shard -> !shard.channelRanges().isEmpty())
              .map(shard -> shard.channelRanges().get(c))
              .reduce(ChannelRange::with)
              .orElseThrow());
    }
    return ranges;
  }
}
