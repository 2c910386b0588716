package org.latte4j.data.shard;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.AbstractList;
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
 * @param text the text embeddings
 * @param settings of the job that made it, by name
 * @param classes names in the order of their labels; empty if unlabelled
 * @param channelRanges C of them
 * @param files in order
 * @param rejected inputs that were left out, sorted by source
 */
@JsonPropertyOrder({
  "encoding",
  "segmentation",
  "text",
  "settings",
  "classes",
  "channelRanges",
  "files",
  "rejected"
})
public record Manifest(
    LatentEncoding encoding,
    Segmentation segmentation,
    TextEncoding text,
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

  /** Of a data set without text embeddings. */
  public Manifest(
      LatentEncoding encoding,
      Segmentation segmentation,
      Map<String, String> settings,
      List<String> classes,
      List<ChannelRange> channelRanges,
      List<ShardFile> files,
      List<RejectedVideo> rejected) {
    this(
        encoding,
        segmentation,
        TextEncoding.NONE,
        settings,
        classes,
        channelRanges,
        files,
        rejected);
  }

  /** The same data set in other files. */
  public Manifest withFiles(List<ShardFile> others) {
    return new Manifest(
        encoding, segmentation, text, settings, classes, channelRanges, others, rejected);
  }

  /** The same data set without its rejected inputs. */
  public Manifest withoutRejected() {
    return new Manifest(
        encoding, segmentation, text, settings, classes, channelRanges, files, List.of());
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
    List<RejectedVideo> leftOut =
        rejected.stream()
            .map(video -> new RejectedVideo(video.source(), video.bytes(), "", video.reason()))
            .toList();
    try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      ManifestFile.write(this, new WithoutIdentities(files), leftOut, out);
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is written that could fail", e);
    }
    return DigestedOutput.hexadecimal(digest);
  }

  /** Files whose videos are known by their names alone; each is made when it is asked for. */
  private static final class WithoutIdentities extends AbstractList<ShardFile> {
    private final List<ShardFile> files;

    WithoutIdentities(List<ShardFile> files) {
      this.files = files;
    }

    @Override
    public ShardFile get(int index) {
      ShardFile file = files.get(index);
      return new ShardFile(
          file.name(),
          file.bytes(),
          file.sha256(),
          file.videos().stream().map(video -> video.identifiedBy("")).toList());
    }

    @Override
    public int size() {
      return files.size();
    }
  }
}
