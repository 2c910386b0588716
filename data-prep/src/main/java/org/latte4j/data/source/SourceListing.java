package org.latte4j.data.source;

import java.util.List;
import org.latte4j.data.shard.RejectedVideo;

/**
 * What a data set's folder holds.
 *
 * @param videos sorted by id
 * @param classNames by label; empty if the data set has no classes
 * @param rejected videos that a list names and the folder lacks, with reasons
 */
public record SourceListing(
    List<SourceVideo> videos, List<String> classNames, List<RejectedVideo> rejected) {
  /** Copies the lists. */
  public SourceListing {
    videos = List.copyOf(videos);
    classNames = List.copyOf(classNames);
    rejected = List.copyOf(rejected);
  }

  /** A listing in which nothing is missing. */
  public SourceListing(List<SourceVideo> videos, List<String> classNames) {
    this(videos, classNames, List.of());
  }
}
