package org.latte4j.data.clip;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.latte4j.data.shard.EncodedVideo;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.ShardFormatException;
import org.latte4j.data.source.FrameList;

/**
 * The single frames that joint image-video training may take for images, numbered from 0: all
 * frames of all videos that are not held out, also of those too short for a clip; or those of them
 * that a list names. In the manifest's order of the videos, then in the order of the frames.
 *
 * <p>Immutable and thread-safe. Holds one small object a video, and four bytes a listed frame.
 */
public final class ImageCatalog {
  private static final ClipWindow ONE_FRAME = new ClipWindow(1, 1);

  private final ClipCatalog videos;
  private final long[] ends;
  private final List<int[]> listed;
  private final Set<String> unknown;

  private ImageCatalog(ClipCatalog videos, long[] ends, List<int[]> listed, Set<String> unknown) {
    this.videos = videos;
    this.ends = ends;
    this.listed = listed;
    this.unknown = Set.copyOf(unknown);
  }

  /**
   * All frames.
   *
   * @throws ShardFormatException if all videos are held out
   */
  public static ImageCatalog of(Manifest manifest, HeldOut heldOut) throws ShardFormatException {
    ClipCatalog videos = ClipCatalog.withoutHeldOut(manifest, ONE_FRAME, heldOut);
    long[] ends = new long[videos.size()];
    long end = 0;
    for (int video = 0; video < ends.length; video++) {
      end += videos.video(video).frames();
      ends[video] = end;
    }
    return new ImageCatalog(videos, ends, List.of(), Set.of());
  }

  /**
   * The frames that a list names.
   *
   * @param firstNumber the number of a video's first frame in the list, such as 0 or 1
   * @throws ShardFormatException if the list names a frame that its video does not have, or nothing
   *     that may be trained on
   */
  public static ImageCatalog listed(
      Manifest manifest, HeldOut heldOut, FrameList list, int firstNumber)
      throws ShardFormatException {
    ClipCatalog videos = ClipCatalog.withoutHeldOut(manifest, ONE_FRAME, heldOut);
    long[] ends = new long[videos.size()];
    int[][] listed = new int[videos.size()][];
    long end = 0;
    for (int video = 0; video < ends.length; video++) {
      listed[video] = frames(videos.video(video), list, firstNumber);
      end += listed[video].length;
      ends[video] = end;
    }
    if (end == 0) {
      throw new ShardFormatException(
          ("%s names no frame of a video that is trained on: it has %d videos such as %s, and the"
                  + " shards have videos such as %s")
              .formatted(
                  list.file(),
                  list.videos().size(),
                  list.videos().iterator().next(),
                  videos.video(0).source()));
    }
    return new ImageCatalog(videos, ends, Arrays.asList(listed), unknown(manifest, list));
  }

  private static int[] frames(EncodedVideo video, FrameList list, int firstNumber)
      throws ShardFormatException {
    SortedSet<Integer> numbers = list.frames(video.source());
    if (!numbers.isEmpty()
        && (numbers.first() < firstNumber || numbers.last() - firstNumber >= video.frames())) {
      throw new ShardFormatException(
          ("%s names the frames %d to %d of %s, which has %d, numbered from %d: set"
                  + " train.image-list-first to the number of the first frame, or use the list that"
                  + " belongs to these videos")
              .formatted(
                  list.file(),
                  numbers.first(),
                  numbers.last(),
                  video.source(),
                  video.frames(),
                  firstNumber));
    }
    return numbers.stream().mapToInt(number -> number - firstNumber).toArray();
  }

  private static Set<String> unknown(Manifest manifest, FrameList list) {
    Set<String> unknown = new HashSet<>(list.videos());
    manifest.files().stream()
        .flatMap(file -> file.videos().stream())
        .forEach(video -> list.nameOf(video.source()).ifPresent(unknown::remove));
    return unknown;
  }

  /** Number of frames. */
  public long size() {
    return ends[ends.length - 1];
  }

  /** Videos that the list names and the data set lacks, sorted by name. */
  public Set<String> unknownVideos() {
    return new TreeSet<>(unknown);
  }

  /**
   * A frame.
   *
   * @param index from 0 to size - 1
   */
  Frame frame(long index) {
    if (index < 0 || index >= size()) {
      throw new IndexOutOfBoundsException("frame " + index + " of " + size());
    }
    int found = Arrays.binarySearch(ends, index + 1);
    int video = found >= 0 ? firstEnding(found) : -found - 1;
    int place = (int) (index - (video == 0 ? 0 : ends[video - 1]));
    return new Frame(video, listed.isEmpty() ? place : listed.get(video)[place]);
  }

  /** Videos without frames end where the one before them ends. */
  private int firstEnding(int found) {
    int video = found;
    while (video > 0 && ends[video - 1] == ends[found]) {
      video--;
    }
    return video;
  }

  /** Videos by the indices of {@link Frame}. */
  ClipCatalog videos() {
    return videos;
  }

  /**
   * A frame of a video.
   *
   * @param video its index in {@link #videos()}
   * @param index of the frame in the video
   */
  record Frame(int video, int index) {}
}
