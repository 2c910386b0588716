package org.latte4j.data.source;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A list of videos: a {@link ListTable} with the columns {@code path} (required), {@code label},
 * {@code caption} and {@code split}.
 */
final class VideoList {
  private static final List<String> COLUMNS = List.of("path", "label", "caption", "split");

  private VideoList() {}

  static List<ListEntry> read(Path file, Configuration configuration) throws IOException {
    return new ListTable(file, COLUMNS)
        .read(configuration).stream()
            .map(
                row ->
                    new ListEntry(
                        row.line(),
                        row.field("path"),
                        row.field("label"),
                        row.field("caption"),
                        row.field("split")))
            .toList();
  }
}
