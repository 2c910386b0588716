package org.latte4j.data.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The captions of a file: a list of videos (CSV or JSON lines) with the columns {@code path} and
 * {@code caption}, or a text file, ending {@code .txt}, with one caption a line, which is its own
 * name.
 */
public final class CaptionList {
  private CaptionList() {}

  /**
   * Reads all captions in order.
   *
   * @throws InvalidSourceException if there is no such file, it is damaged or empty, or names a
   *     caption twice
   */
  public static List<Caption> read(Path file, Configuration configuration) throws IOException {
    boolean plain = file.getName().toLowerCase(Locale.ROOT).endsWith(".txt");
    List<Caption> captions = new ArrayList<>();
    Map<String, Long> lines = new HashMap<>();
    if (plain) {
      for (ListText.Line line : ListText.read(file, configuration).lines()) {
        add(file, line.number(), new Caption(line.text(), line.text()), captions, lines);
      }
    } else {
      for (ListEntry entry : VideoList.read(file, configuration)) {
        add(file, entry.line(), new Caption(entry.path(), entry.caption()), captions, lines);
      }
    }
    if (captions.isEmpty()) {
      throw new InvalidSourceException(file + ": holds no captions");
    }
    return captions;
  }

  private static void add(
      Path file, long line, Caption caption, List<Caption> captions, Map<String, Long> lines)
      throws InvalidSourceException {
    Long before = lines.putIfAbsent(caption.id(), line);
    if (before != null) {
      throw new InvalidSourceException(
          "%s:%d: '%s' is named in line %d already".formatted(file, line, caption.id(), before));
    }
    captions.add(caption);
  }
}
