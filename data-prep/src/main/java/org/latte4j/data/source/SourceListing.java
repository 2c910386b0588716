package org.latte4j.data.source;

import java.util.List;

/**
 * What a data set's folder holds.
 *
 * @param videos sorted by id; never empty
 * @param classNames by label; empty if the data set has no classes
 */
public record SourceListing(List<SourceVideo> videos, List<String> classNames) {
  /** Copies the lists. */
  public SourceListing {
    videos = List.copyOf(videos);
    classNames = List.copyOf(classNames);
  }
}
