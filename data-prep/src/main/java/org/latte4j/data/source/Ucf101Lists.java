package org.latte4j.data.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * UCF101's official lists ({@code ucfTrainTestlist}): {@code trainlist0N.txt} and {@code
 * testlist0N.txt} name the videos of fold N, as in {@code Archery/v_Archery_g01_c01.avi} with or
 * without a label behind it; {@code classInd.txt} numbers the classes from 1.
 *
 * <p>The class index orders {@code Hammering} before {@code HammerThrow}; the sorted folders, which
 * the paper's code counts, order them the other way round. Where the file is there, it decides.
 *
 * @param splits by the video's path below the data set's root
 * @param classes names by label; empty without {@code classInd.txt}
 */
record Ucf101Lists(Map<String, String> splits, List<String> classes) {
  static final Ucf101Lists NONE = new Ucf101Lists(Map.of(), List.of());

  /**
   * Reads the lists.
   *
   * @param fold 1 to 3
   */
  static Ucf101Lists read(Path folder, int fold, Configuration configuration) throws IOException {
    Map<String, String> splits = new HashMap<>();
    readList(
        new Path(folder, "trainlist%02d.txt".formatted(fold)),
        SplitRule.TRAIN,
        splits,
        configuration);
    readList(
        new Path(folder, "testlist%02d.txt".formatted(fold)),
        SplitRule.TEST,
        splits,
        configuration);
    Optional<ListText> index =
        ListText.readIfPresent(new Path(folder, "classInd.txt"), configuration);
    return new Ucf101Lists(splits, index.isPresent() ? classes(index.get()) : List.of());
  }

  private static void readList(
      Path file, String split, Map<String, String> splits, Configuration configuration)
      throws IOException {
    ListText list = ListText.read(file, configuration);
    for (ListText.Line line : list.lines()) {
      String video = line.text().split("\\s+", -1)[0];
      String before = splits.put(video, split);
      if (before != null && !before.equals(split)) {
        throw list.invalid(line, video + " is in the other list too; a video belongs to one split");
      }
    }
  }

  private static List<String> classes(ListText index) throws InvalidSourceException {
    List<String> classes = new ArrayList<>();
    for (ListText.Line line : index.lines()) {
      String[] entry = line.text().split("\\s+", -1);
      if (entry.length != 2 || !entry[0].equals(String.valueOf(classes.size() + 1))) {
        throw index.invalid(line, "expected \"%d ClassName\"".formatted(classes.size() + 1));
      }
      classes.add(entry[1]);
    }
    return classes;
  }
}
