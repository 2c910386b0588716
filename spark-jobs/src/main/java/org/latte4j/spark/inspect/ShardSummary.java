package org.latte4j.spark.inspect;

import java.util.List;
import java.util.Map;
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
        manifest.rejected());
  }

  /** For people, one line a fact. */
  public List<String> lines() {
    Lines lines = new Lines();
    lines.add("latent shards", folder);
    lines.add("fingerprint", fingerprint);
    lines.add("files", "%d, %s", files, Lines.bytes(bytes));
    lines.add("videos", "%d in %d rows, %d frames", videos, rows, frames);
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
