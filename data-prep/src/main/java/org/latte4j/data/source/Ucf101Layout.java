package org.latte4j.data.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.shard.RejectedVideo;

/**
 * UCF101's layout (arXiv 1212.0402): one folder a class, as in {@code
 * Archery/v_Archery_g01_c03.avi}; files may have any name that ends like a video. A class's label
 * is its place in {@code classInd.txt}, if the official lists are given, and otherwise the place of
 * its folder among all, sorted by name, as in the paper's code.
 *
 * <p>With lists, videos that none of them names are in the split {@code unlisted}; those that are
 * named and not there are rejected.
 */
public final class Ucf101Layout implements SourceLayout {
  /** The split of videos that no list names. */
  public static final String UNLISTED = "unlisted";

  private final Optional<Path> lists;
  private final int fold;

  /** Without official lists. */
  public Ucf101Layout() {
    this(Optional.empty(), 1);
  }

  /**
   * With official lists.
   *
   * @param lists folder that holds {@code trainlist01.txt} and so on
   * @param fold 1 to 3
   */
  public Ucf101Layout(Optional<Path> lists, int fold) {
    this.lists = lists;
    this.fold = fold;
  }

  @Override
  public SourceListing list(Path root, Configuration configuration) throws IOException {
    SourceFolder folder = SourceFolder.open(root, configuration);
    Ucf101Lists official =
        lists.isPresent() ? Ucf101Lists.read(lists.get(), fold, configuration) : Ucf101Lists.NONE;
    List<String> classNames =
        official.classes().isEmpty() ? folder.subfolders() : official.classes();
    List<SourceVideo> videos = new ArrayList<>();
    Set<String> present = new HashSet<>();
    for (SourceVideo video : folder.videos()) {
      SourceVideo labelled = labelled(video, classNames, folder);
      present.add(video.id());
      videos.add(
          lists.isPresent()
              ? labelled.inSplit(official.splits().getOrDefault(video.id(), UNLISTED))
              : labelled);
    }
    return new SourceListing(videos, classNames, missing(official, present));
  }

  private static SourceVideo labelled(
      SourceVideo video, List<String> classNames, SourceFolder folder)
      throws InvalidSourceException {
    String[] path = video.id().split("/", -1);
    if (path.length != 2) {
      throw new InvalidSourceException(
          ("%s: the video %s does not lie in a class folder directly below it; layout \"ucf101\""
                  + " expects Class/video.avi (for videos without classes set source.layout ="
                  + " folder)")
              .formatted(folder.root(), video.id()));
    }
    int label = classNames.indexOf(path[0]);
    if (label < 0) {
      throw new InvalidSourceException(
          "%s: the class folder %s is not in classInd.txt; is this the right folder of lists?"
              .formatted(folder.root(), path[0]));
    }
    return video.withClass(label, path[0]);
  }

  private static List<RejectedVideo> missing(Ucf101Lists official, Set<String> present) {
    Set<String> absent = new TreeSet<>(official.splits().keySet());
    absent.removeAll(present);
    return absent.stream()
        .map(
            id ->
                new RejectedVideo(
                    id,
                    0,
                    "",
                    "%slist names it, and there is no such file"
                        .formatted(official.splits().get(id))))
        .toList();
  }
}
