package org.latte4j.spark.inspect;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.latte4j.data.shard.EncodedVideo;
import org.latte4j.data.shard.LatentEncoding;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.RejectedVideo;

/**
 * What a folder of latent shards holds.
 *
 * @param folder where it is
 * @param fingerprint identifies the data set
 * @param files shard files
 * @param bytes of all of them
 * @param videos encoded
 * @param rows segments of videos, flipped ones counted
 * @param frames decoded
 * @param classes names in the order of their labels
 * @param encoding the latents
 * @param settings of the job that made it
 * @param splits videos of each part of the data set
 * @param videosByClass videos of each class
 * @param shortest frames of the shortest video
 * @param longest frames of the longest video
 * @param rejected inputs that were left out, with reasons
 */
public record ShardSummary(
    String folder,
    String fingerprint,
    int files,
    long bytes,
    int videos,
    long rows,
    long frames,
    List<String> classes,
    LatentEncoding encoding,
    Map<String, String> settings,
    Map<String, Integer> splits,
    Map<String, Integer> videosByClass,
    int shortest,
    int longest,
    List<RejectedVideo> rejected) {

  /** Sums up a manifest; files are not looked at. */
  public static ShardSummary of(String folder, Manifest manifest) {
    return new ShardSummary(
        folder,
        manifest.fingerprint(),
        manifest.files().size(),
        manifest.bytes(),
        manifest.videos(),
        manifest.rows(),
        manifest.frames(),
        manifest.classes(),
        manifest.encoding(),
        manifest.settings(),
        counts(manifest, EncodedVideo::split),
        counts(manifest, video -> className(manifest, video)),
        lengths(manifest).min().orElse(0),
        lengths(manifest).max().orElse(0),
        manifest.rejected());
  }

  private static Map<String, Integer> counts(
      Manifest manifest, Function<EncodedVideo, String> name) {
    Map<String, Integer> counts = new TreeMap<>();
    videos(manifest)
        .filter(video -> !video.continues())
        .forEach(video -> counts.merge(name.apply(video), 1, Integer::sum));
    return counts;
  }

  private static String className(Manifest manifest, EncodedVideo video) {
    return video.label() < 0 ? "none" : manifest.classes().get(video.label());
  }

  /** Frames of each video; parts of a divided one are put together. */
  private static IntStream lengths(Manifest manifest) {
    Map<String, Integer> frames = new HashMap<>();
    videos(manifest).forEach(video -> frames.merge(video.source(), video.frames(), Integer::sum));
    return frames.values().stream().mapToInt(Integer::intValue);
  }

  private static Stream<EncodedVideo> videos(Manifest manifest) {
    return manifest.files().stream().flatMap(file -> file.videos().stream());
  }

  /** For people, one line a fact. */
  public List<String> lines() {
    Lines lines = new Lines();
    lines.add("latent shards", folder);
    lines.add("fingerprint", fingerprint);
    lines.add("files", "%d, %s", files, Lines.bytes(bytes));
    lines.add("videos", "%d in %d rows, %d frames", videos, rows, frames);
    lines.add("lengths", "%d to %d frames", shortest, longest);
    lines.add("splits", "%s", splits);
    lines.add("classes", "%d %s", classes.size(), Lines.shortened(classes));
    lines.add(
        "latent",
        "%d x %d x %d, scale %s",
        encoding.channels(),
        encoding.height(),
        encoding.width(),
        encoding.scale());
    lines.add("autoencoder", encoding.autoencoder());
    lines.add("transform", encoding.transform());
    lines.add("rejected", "%d", rejected.size());
    for (RejectedVideo video : rejected) {
      lines.add("", "%s: %s", video.source(), video.reason());
    }
    return lines.all();
  }
}
