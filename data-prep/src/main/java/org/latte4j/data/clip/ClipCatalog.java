package org.latte4j.data.clip;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.latte4j.data.shard.EncodedVideo;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.RejectedVideo;
import org.latte4j.data.shard.SegmentRow;
import org.latte4j.data.shard.Segmentation;
import org.latte4j.data.shard.ShardFormatException;

/**
 * The videos of a data set that clips can be drawn from, numbered from 0 in the manifest's order,
 * and where their rows lie.
 *
 * <p>Immutable and thread-safe. Holds four integers a video.
 */
public final class ClipCatalog {
  private final ClipWindow window;
  private final VideoPlaces places;
  private final int[] videos;
  private final List<RejectedVideo> excluded;

  private ClipCatalog(
      ClipWindow window, VideoPlaces places, int[] videos, List<RejectedVideo> excluded) {
    this.window = window;
    this.places = places;
    this.videos = videos;
    this.excluded = List.copyOf(excluded);
  }

  /**
   * All videos with at least the clip's frames.
   *
   * @throws ShardFormatException if there is none, or videos were cut so that clips would be lost
   */
  public static ClipCatalog of(Manifest manifest, ClipWindow window) throws ShardFormatException {
    return of(manifest, window, video -> true, "the data set");
  }

  /**
   * The videos of one split with at least the clip's frames.
   *
   * @throws ShardFormatException if there is none, or videos were cut so that clips would be lost
   */
  public static ClipCatalog of(Manifest manifest, ClipWindow window, String split)
      throws ShardFormatException {
    return of(manifest, window, video -> video.split().equals(split), "the split '" + split + "'");
  }

  /**
   * The videos that are trained on when some are held out.
   *
   * @throws ShardFormatException if there is none, or videos were cut so that clips would be lost
   */
  public static ClipCatalog withoutHeldOut(Manifest manifest, ClipWindow window, HeldOut heldOut)
      throws ShardFormatException {
    return heldOut.isNone()
        ? of(manifest, window)
        : of(manifest, window, video -> !heldOut.holds(video), "the data set without " + heldOut);
  }

  /**
   * The videos that are held out.
   *
   * @throws ShardFormatException if there is none, or videos were cut so that clips would be lost
   */
  public static ClipCatalog heldOut(Manifest manifest, ClipWindow window, HeldOut heldOut)
      throws ShardFormatException {
    return of(manifest, window, heldOut::holds, "what is held out (" + heldOut + ")");
  }

  private static ClipCatalog of(
      Manifest manifest, ClipWindow window, Predicate<EncodedVideo> wanted, String what)
      throws ShardFormatException {
    VideoPlaces places = VideoPlaces.of(manifest);
    int[] videos = new int[places.size()];
    int count = 0;
    List<RejectedVideo> excluded = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      EncodedVideo video = places.video(i);
      if (!wanted.test(video)) {
        continue;
      }
      if (video.frames() < window.frames()) {
        excluded.add(
            new RejectedVideo(
                video.source(), video.bytes(), video.identity(), tooShort(video, window)));
      } else {
        verifyCuts(video, manifest.segmentation(), window);
        videos[count++] = i;
      }
    }
    if (count == 0) {
      throw new ShardFormatException(
          "%s has no video of at least %d frames (%d are shorter): train on clips of fewer frames,"
                  .formatted(what, window.frames(), excluded.size())
              + " or encode longer videos");
    }
    return new ClipCatalog(window, places, Arrays.copyOf(videos, count), excluded);
  }

  private static String tooShort(EncodedVideo video, ClipWindow window) {
    return "%d frames, and a clip has %d".formatted(video.frames(), window.frames());
  }

  private static void verifyCuts(EncodedVideo video, Segmentation cuts, ClipWindow window)
      throws ShardFormatException {
    int span = window.span(video.frames());
    if (video.frames() > cuts.frames() && span > cuts.longestWindow()) {
      throw new ShardFormatException(
          "clips of %d frames at an interval of %d span %d frames, and %s was cut into rows that"
                  .formatted(window.frames(), window.interval(), span, video.source())
              + " overlap by %d: clips across a cut would be lost. Encode again with"
                  .formatted(cuts.overlap())
              + " encode.segment-overlap of at least %d, or use a smaller train.frame-interval"
                  .formatted(span - 1));
    }
  }

  /** Number of videos. */
  public int size() {
    return videos.length;
  }

  /** What clips span. */
  public ClipWindow window() {
    return window;
  }

  /** Videos that are too short, with that as the reason. */
  public List<RejectedVideo> excluded() {
    return excluded;
  }

  /**
   * A video.
   *
   * @param index from 0 to size - 1
   */
  public EncodedVideo video(int index) {
    return places.video(videos[index]);
  }

  /** Whether a video was also encoded mirrored. */
  boolean hasFlips(int index) {
    return video(index).rows().stream().anyMatch(SegmentRow::flipped);
  }

  /** The row that holds all of a stretch of a video. */
  RowLocation locate(int index, int start, int span, boolean flipped) {
    EncodedVideo video = video(index);
    List<SegmentRow> rows = video.rows();
    for (int i = 0; i < rows.size(); i++) {
      SegmentRow row = rows.get(i);
      if (row.flipped() == flipped
          && row.start() <= start
          && start + span <= row.start() + row.frames()) {
        return places.location(videos[index], i);
      }
    }
    throw new IllegalStateException(
        "no row of %s holds frames %d to %d, flipped %s"
            .formatted(video.source(), start, start + span - 1, flipped));
  }

  /** A row by file and place in it. */
  record RowLocation(int file, int row) {}
}
