package org.latte4j.spark.train;

import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.clip.HeldOut;
import org.latte4j.data.clip.ImageCatalog;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.source.FrameList;
import org.latte4j.data.source.InvalidSourceException;

/**
 * What the images of joint training are drawn from. The list travels to the executors as its
 * address and its fingerprint: it may have a line for every frame of a data set.
 *
 * @param settings of the images
 * @param listFingerprint of the list when the job began; empty without a list
 */
record ImageSource(ImageSettings settings, String listFingerprint) implements Serializable {
  /**
   * Looks at the list, if there is one.
   *
   * @throws InvalidSourceException if it is not there or not a list of frames
   */
  static ImageSource of(ImageSettings settings, Configuration hadoop) throws IOException {
    return new ImageSource(
        settings,
        settings.list().isEmpty()
            ? ""
            : FrameList.read(new Path(settings.list()), hadoop).fingerprint());
  }

  /**
   * What decides a run's result beside its settings.
   *
   * @param manifest fingerprint of the shards
   */
  String identity(String manifest) {
    return listFingerprint.isEmpty() ? manifest : manifest + " with the images " + listFingerprint;
  }

  /**
   * The frames to draw from; nothing if clips are trained without images.
   *
   * @throws InvalidSourceException if the list has changed since the job began
   */
  Optional<ImageCatalog> open(Manifest manifest, HeldOut heldOut, Configuration hadoop)
      throws IOException {
    if (!settings.any()) {
      return Optional.empty();
    }
    if (settings.list().isEmpty()) {
      return Optional.of(ImageCatalog.of(manifest, heldOut));
    }
    FrameList list = FrameList.read(new Path(settings.list()), hadoop);
    if (!list.fingerprint().equals(listFingerprint)) {
      throw new InvalidSourceException(
          "%s (train.image-list) has changed since the job began: start the job again"
              .formatted(list.file()));
    }
    return Optional.of(ImageCatalog.listed(manifest, heldOut, list, settings.listFirst()));
  }
}
