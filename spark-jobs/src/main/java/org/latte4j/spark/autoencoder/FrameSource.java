package org.latte4j.spark.autoencoder;

import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.frames.FrameCatalog;
import org.latte4j.data.frames.FrameManifest;
import org.latte4j.data.frames.FrameReader;
import org.latte4j.data.shard.ShardFormatException;

/**
 * How every executor reads the job's frames.
 *
 * @param folder of the frames
 * @param fingerprint that it had on the driver
 * @param settings say which videos are held out
 */
record FrameSource(
    String folder,
    String fingerprint,
    AutoencoderSettings settings,
    SerializableConfiguration hadoop)
    implements Serializable {

  /**
   * The folder's manifest.
   *
   * @throws ShardFormatException if the folder is not what the driver saw
   */
  FrameManifest manifest() throws IOException {
    FrameManifest manifest =
        FrameManifest.read(new Path(folder), hadoop.value())
            .orElseThrow(
                () ->
                    new ShardFormatException(
                        folder + " holds no frames here; can every machine read this folder?"));
    if (!manifest.fingerprint().equals(fingerprint)) {
      throw new ShardFormatException(
          "the frames in %s have changed since the job began (%s, was %s): start the job again"
              .formatted(folder, manifest.fingerprint(), fingerprint));
    }
    return manifest;
  }

  /** The frames that are trained on. */
  FrameCatalog training(FrameManifest manifest) {
    return FrameCatalog.of(manifest, settings::trainsOn);
  }

  /** The frames of the videos that are held out. */
  FrameCatalog heldOut(FrameManifest manifest) {
    return FrameCatalog.of(manifest, video -> !settings.trainsOn(video));
  }

  /** A reader; the caller closes it. */
  FrameReader reader(FrameManifest manifest, long cacheBytes) {
    return new FrameReader(manifest, new Path(folder), hadoop.value(), cacheBytes);
  }
}
