package org.latte4j.data.clip;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.latte4j.data.shard.EncodedVideo;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.RejectedVideo;
import org.latte4j.data.shard.SegmentRow;
import org.latte4j.data.shard.Segmentation;
import org.latte4j.data.shard.ShardFile;
import org.latte4j.data.shard.ShardFormatException;

/**
 * The videos of a data set that clips can be drawn from, numbered from 0 in the manifest's order,
 * and where their rows lie.
 *
 * <p>Immutable and thread-safe. Holds one small object a video.
 */
public final class ClipCatalog {
  private final ClipWindow window;
  private final List<Entry> entries;
  private final List<RejectedVideo> excluded;

  private ClipCatalog(ClipWindow window, List<Entry> entries, List<RejectedVideo> excluded) {
    this.window = window;
    this.entries = List.copyOf(entries);
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

  private static ClipCatalog of(
      Manifest manifest, ClipWindow window, Predicate<EncodedVideo> wanted, String what)
      throws ShardFormatException {
    List<Entry> entries = new ArrayList<>();
    List<RejectedVideo> excluded = new ArrayList<>();
    List<ShardFile> files = manifest.files();
    for (int file = 0; file < files.size(); file++) {
      int row = 0;
      for (EncodedVideo video : files.get(file).videos()) {
        if (wanted.test(video)) {
          if (video.frames() < window.frames()) {
            excluded.add(
                new RejectedVideo(
                    video.source(), video.bytes(), video.identity(), tooShort(video, window)));
          } else {
            verifyCuts(video, manifest.segmentation(), window);
            entries.add(new Entry(video, file, row));
          }
        }
        row += video.rows().size();
      }
    }
    if (entries.isEmpty()) {
      throw new ShardFormatException(
          "%s has no video of at least %d frames (%d are shorter): train on clips of fewer frames,"
                  .formatted(what, window.frames(), excluded.size())
              + " or encode longer videos");
    }
    return new ClipCatalog(window, entries, excluded);
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
    return entries.size();
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
    return entries.get(index).video();
  }

  /** Whether a video was also encoded mirrored. */
  boolean hasFlips(int index) {
    return video(index).rows().stream().anyMatch(SegmentRow::flipped);
  }

  /** The row that holds all of a stretch of a video. */
  RowLocation locate(int index, int start, int span, boolean flipped) {
    Entry entry = entries.get(index);
    List<SegmentRow> rows = entry.video().rows();
    for (int i = 0; i < rows.size(); i++) {
      SegmentRow row = rows.get(i);
      if (row.flipped() == flipped
          && row.start() <= start
          && start + span <= row.start() + row.frames()) {
        return new RowLocation(entry.file(), entry.firstRow() + i);
      }
    }
    throw new IllegalStateException(
        "no row of %s holds frames %d to %d, flipped %s"
            .formatted(entry.video().source(), start, start + span - 1, flipped));
  }

  /** A row by file and place in it. */
  record RowLocation(int file, int row) {}

  private record Entry(EncodedVideo video, int file, int firstRow) {}
}
