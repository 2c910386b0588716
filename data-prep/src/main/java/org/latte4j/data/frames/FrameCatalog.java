package org.latte4j.data.frames;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Numbers the frames of some videos of a data set from 0 on, in the order of the manifest. Takes
 * memory by videos, not by frames. Immutable and thread-safe.
 */
public final class FrameCatalog {
  private final List<Run> runs = new ArrayList<>();
  private final int[] firstFrames;
  private final int size;

  /** A video's frames: which file, and where in it they begin. */
  private record Run(String source, int file, int firstRow) {}

  private FrameCatalog(FrameManifest manifest, Predicate<FrameFile.Video> chosen) {
    List<Integer> firsts = new ArrayList<>();
    int next = 0;
    for (int file = 0; file < manifest.files().size(); file++) {
      int row = 0;
      for (FrameFile.Video video : manifest.files().get(file).videos()) {
        if (chosen.test(video) && video.frames() > 0) {
          runs.add(new Run(video.source(), file, row));
          firsts.add(next);
          next = Math.addExact(next, video.frames());
        }
        row += video.frames();
      }
    }
    this.firstFrames = firsts.stream().mapToInt(Integer::intValue).toArray();
    this.size = next;
  }

  /** The frames of the videos that a condition chooses. */
  public static FrameCatalog of(FrameManifest manifest, Predicate<FrameFile.Video> chosen) {
    return new FrameCatalog(manifest, chosen);
  }

  /** Number of frames. */
  public int size() {
    return size;
  }

  /** Number of videos that have any. */
  public int videos() {
    return runs.size();
  }

  /** Where a frame lies. */
  public Location locate(int frame) {
    Objects.checkIndex(frame, size);
    int found = Arrays.binarySearch(firstFrames, frame);
    int run = found >= 0 ? found : -found - 2;
    return new Location(
        runs.get(run).source(),
        runs.get(run).file(),
        runs.get(run).firstRow() + frame - firstFrames[run]);
  }

  /**
   * A frame's place.
   *
   * @param source its video
   * @param file index in the manifest's files
   * @param row in that file
   */
  public record Location(String source, int file, int row) {}
}
