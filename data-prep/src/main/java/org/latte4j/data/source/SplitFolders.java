package org.latte4j.data.source;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Splits that are folders directly below the data set's root. */
final class SplitFolders {
  private static final Map<String, String> NAMES =
      Map.of(
          "train", "train",
          "test", "test",
          "val", "val",
          "valid", "val",
          "validation", "val",
          "sky_train", "train",
          "sky_test", "test");

  private SplitFolders() {}

  /** Names the splits if every video lies below such a folder; sorts by id. */
  static List<SourceVideo> assign(List<SourceVideo> videos) {
    boolean splits = videos.stream().allMatch(video -> split(video).isPresent());
    return videos.stream()
        .map(video -> splits ? video.inSplit(split(video).orElseThrow()) : video)
        .sorted(Comparator.comparing(SourceVideo::id))
        .toList();
  }

  private static Optional<String> split(SourceVideo video) {
    int slash = video.id().indexOf('/');
    return slash < 0
        ? Optional.empty()
        : Optional.ofNullable(NAMES.get(video.id().substring(0, slash)));
  }
}
