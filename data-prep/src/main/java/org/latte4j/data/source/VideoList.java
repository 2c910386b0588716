package org.latte4j.data.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.common.record.Record;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A list file: CSV whose first row names the columns, or JSON lines (ending {@code .jsonl}, {@code
 * .ndjson} or {@code .json}), one object a line. Columns are {@code path} (required), {@code
 * label}, {@code caption} and {@code split}; others are refused, so that a misspelt one is not
 * passed over.
 */
final class VideoList {
  private static final Set<String> COLUMNS = Set.of("path", "label", "caption", "split");
  private static final int LONGEST_FIELD = 1 << 16;
  private static final ObjectMapper JSON = new ObjectMapper();

  private VideoList() {}

  static List<ListEntry> read(Path file, Configuration configuration) throws IOException {
    String name = file.getName().toLowerCase(Locale.ROOT);
    boolean json = name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json");
    List<ListEntry> entries =
        json ? readJson(ListText.read(file, configuration)) : readCsv(file, configuration);
    if (entries.isEmpty()) {
      throw new InvalidSourceException(file + ": the list names no videos");
    }
    return entries;
  }

  private static List<ListEntry> readJson(ListText list) throws InvalidSourceException {
    List<ListEntry> entries = new ArrayList<>();
    for (ListText.Line line : list.lines()) {
      JsonNode object;
      try {
        object = JSON.readTree(line.text());
      } catch (JsonProcessingException e) {
        throw list.invalid(line, "not JSON: " + e.getOriginalMessage());
      }
      if (!object.isObject()) {
        throw list.invalid(line, "expected an object such as {\"path\": \"a.mp4\"}");
      }
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      checkColumns(names, list.file() + ":" + line.number());
      entries.add(
          entry(
              list.file(),
              line.number(),
              object.path("path").asText(),
              object.path("label").asText(),
              object.path("caption").asText(),
              object.path("split").asText()));
    }
    return entries;
  }

  private static List<ListEntry> readCsv(Path file, Configuration configuration)
      throws IOException {
    CsvParserSettings settings = new CsvParserSettings();
    settings.setHeaderExtractionEnabled(true);
    settings.setLineSeparatorDetectionEnabled(true);
    settings.setMaxCharsPerColumn(LONGEST_FIELD);
    settings.setNullValue("");
    settings.setEmptyValue("");
    CsvParser parser = new CsvParser(settings);
    List<ListEntry> entries = new ArrayList<>();
    try (Reader reader =
        new InputStreamReader(
            file.getFileSystem(configuration).open(file), StandardCharsets.UTF_8)) {
      parser.beginParsing(reader);
      Record row = parser.parseNextRecord();
      List<String> header = row == null ? List.of() : List.of(row.getMetaData().headers());
      if (row != null) {
        checkColumns(header, file + ":1");
      }
      while (row != null) {
        entries.add(
            entry(
                file,
                parser.getContext().currentLine(),
                field(row, header, "path"),
                field(row, header, "label"),
                field(row, header, "caption"),
                field(row, header, "split")));
        row = parser.parseNextRecord();
      }
    } catch (FileNotFoundException e) {
      throw new InvalidSourceException(file + ": there is no such list file", e);
    } catch (TextParsingException e) {
      throw new InvalidSourceException(
          "%s:%d: not CSV: a quote is open or a field is longer than %d characters"
              .formatted(file, e.getLineIndex() + 1, LONGEST_FIELD),
          e);
    }
    return entries;
  }

  private static String field(Record row, List<String> header, String column) {
    return header.contains(column) ? String.valueOf(row.getString(column)) : "";
  }

  private static void checkColumns(List<String> names, String where) throws InvalidSourceException {
    Set<String> unknown = new TreeSet<>(names);
    unknown.removeAll(COLUMNS);
    if (!names.contains("path") || !unknown.isEmpty()) {
      throw new InvalidSourceException(
          "%s: columns are path (required), label, caption and split, not %s"
              .formatted(where, names));
    }
  }

  private static ListEntry entry(
      Path file, long line, String path, String label, String caption, String split)
      throws InvalidSourceException {
    if (path.isBlank()) {
      throw new InvalidSourceException("%s:%d: the path is empty".formatted(file, line));
    }
    return new ListEntry(line, path.strip(), label.strip(), caption.strip(), split.strip());
  }
}
