package org.latte4j.data.shard;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a folder of shards holds and how it was made. As JSON, {@code _manifest.json} also carries
 * {@code format}, {@code version} and totals; {@link ManifestFile} reads and writes it.
 *
 * @param encoding the latents
 * @param segmentation how long videos were cut
 * @param settings of the job that made it, by name
 * @param classes names in the order of their labels; empty if unlabelled
 * @param channelRanges C of them
 * @param files in order
 * @param rejected inputs that were left out, sorted by source
 */
@JsonPropertyOrder({
  "encoding",
  "segmentation",
  "settings",
  "classes",
  "channelRanges",
  "files",
  "rejected"
})
public record Manifest(
    LatentEncoding encoding,
    Segmentation segmentation,
    Map<String, String> settings,
    List<String> classes,
    List<ChannelRange> channelRanges,
    List<ShardFile> files,
    List<RejectedVideo> rejected) {
  /** Copies the collections; refuses ranges that do not fit the channels. */
  public Manifest {
    settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    classes = List.copyOf(classes);
    channelRanges = List.copyOf(channelRanges);
    files = List.copyOf(files);
    rejected = List.copyOf(rejected);
    if (channelRanges.size() != encoding.channels()) {
      throw new IllegalArgumentException(
          "%d channel ranges for %d channels".formatted(channelRanges.size(), encoding.channels()));
    }
  }

  /** The same data set in other files. */
  public Manifest withFiles(List<ShardFile> others) {
    return new Manifest(encoding, segmentation, settings, classes, channelRanges, others, rejected);
  }

  /** The same data set without its rejected inputs. */
  public Manifest withoutRejected() {
    return new Manifest(encoding, segmentation, settings, classes, channelRanges, files, List.of());
  }

  /** Videos in all files. */
  public int videos() {
    return files.stream().mapToInt(ShardFile::videosBegun).sum();
  }

  /** Rows in all files. */
  public long rows() {
    return files.stream().mapToLong(ShardFile::rows).sum();
  }

  /** Frames that were decoded; overlaps and flips are not counted again. */
  public long frames() {
    return files.stream().mapToLong(ShardFile::frames).sum();
  }

  /** Bytes of all files. */
  public long bytes() {
    return files.stream().mapToLong(ShardFile::bytes).sum();
  }

  /**
   * Identifies the data set: equal fingerprints mean the same rows, whatever the modification times
   * of the videos they were made from. SHA-256 in hexadecimal.
   */
  public String fingerprint() {
    MessageDigest digest = DigestedOutput.sha256();
    String json = ManifestFile.toJson(withoutIdentities());
    digest.update(json.getBytes(StandardCharsets.UTF_8));
    return DigestedOutput.hexadecimal(digest);
  }

  private Manifest withoutIdentities() {
    List<ShardFile> anonymous =
        files.stream()
            .map(
                file ->
                    new ShardFile(
                        file.name(),
                        file.bytes(),
                        file.sha256(),
                        file.videos().stream().map(video -> video.identifiedBy("")).toList()))
            .toList();
    List<RejectedVideo> leftOut =
        rejected.stream()
            .map(video -> new RejectedVideo(video.source(), video.bytes(), "", video.reason()))
            .toList();
    return new Manifest(
        encoding, segmentation, settings, classes, channelRanges, anonymous, leftOut);
  }
}
