package org.latte4j.data.shard;

import java.util.Objects;

/**
 * Where a segment was taken from.
 *
 * @param source path of the video below the encoded folder, with '/' between names; unique
 * @param label index of the class, or {@link #UNLABELLED}
 * @param className name of the class, empty if unlabelled
 * @param split the part of the data set it belongs to, such as {@code train}
 * @param caption text that describes it, empty for none
 * @param framesPerSecond of the video, averaged; 0 if unknown
 */
public record VideoOrigin(
    String source,
    int label,
    String className,
    String split,
    String caption,
    double framesPerSecond) {
  /** The label of a video without a class. */
  public static final int UNLABELLED = -1;

  /** Refuses empty sources and labels below {@link #UNLABELLED}. */
  public VideoOrigin {
    Objects.requireNonNull(className, "className");
    Objects.requireNonNull(split, "split");
    Objects.requireNonNull(caption, "caption");
    if (source.isEmpty() || label < UNLABELLED) {
      throw new IllegalArgumentException(
          "a video needs a source and a label of at least %d, not '%s' and %d"
              .formatted(UNLABELLED, source, label));
    }
  }
}
