package org.latte4j.data.source;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The lines of a list file that are not blank, in UTF-8.
 *
 * @param file where they are from
 * @param lines in order
 */
record ListText(Path file, List<Line> lines) {
  /**
   * One line.
   *
   * @param number from 1
   * @param text without blanks around it
   */
  record Line(int number, String text) {}

  static ListText read(Path file, Configuration configuration) throws IOException {
    return readIfPresent(file, configuration)
        .orElseThrow(() -> new InvalidSourceException(file + ": there is no such list file"));
  }

  static Optional<ListText> readIfPresent(Path file, Configuration configuration)
      throws IOException {
    List<Line> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                file.getFileSystem(configuration).open(file), StandardCharsets.UTF_8))) {
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        String text = number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line;
        if (!text.isBlank()) {
          lines.add(new Line(number, text.strip()));
        }
      }
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
    return Optional.of(new ListText(file, lines));
  }

  InvalidSourceException invalid(Line line, String what) {
    return new InvalidSourceException("%s:%d: %s".formatted(file, line.number(), what));
  }
}
