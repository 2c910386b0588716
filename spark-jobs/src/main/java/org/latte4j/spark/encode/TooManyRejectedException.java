package org.latte4j.spark.encode;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.latte4j.data.shard.RejectedVideo;

/** More videos were rejected than the settings allow; the message lists the first of them. */
public final class TooManyRejectedException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 5;

  /** Too many of the videos were rejected. */
  public TooManyRejectedException(List<RejectedVideo> rejected, int videos, double allowed) {
    super(
        "%d of %d videos were rejected, and encode.max-rejected-share = %s allows %d:%n%s%s%n"
                .formatted(
                    rejected.size(),
                    videos,
                    allowed,
                    (int) (allowed * videos),
                    list(rejected),
                    rest(rejected))
            + "Mend or remove them, or raise the share; files that are done are kept for the next run");
  }

  private static String list(List<RejectedVideo> rejected) {
    return rejected.stream()
        .limit(SHOWN)
        .map(video -> "  " + video.source() + ": " + video.reason())
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static String rest(List<RejectedVideo> rejected) {
    int more = rejected.size() - SHOWN;
    return more > 0 ? "%n  and %d more".formatted(more) : "";
  }
}
