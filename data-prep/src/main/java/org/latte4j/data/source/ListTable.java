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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A table of text: CSV whose first row names the columns, or JSON lines (ending {@code .jsonl},
 * {@code .ndjson} or {@code .json}), one object a line. Columns that the reader does not know are
 * refused, so that a misspelt one is not passed over.
 *
 * @param file where it was read
 * @param columns that there may be; the first is required, in every row
 */
record ListTable(Path file, List<String> columns) {
  private static final int LONGEST_FIELD = 1 << 16;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One row.
   *
   * @param line number in the file, from 1
   * @param fields by column, without blanks around them
   */
  record Row(long line, Map<String, String> fields) {
    /** A field, empty if the table or the row lacks it. */
    String field(String column) {
      return fields.getOrDefault(column, "");
    }
  }

  /**
   * All rows in order.
   *
   * @throws InvalidSourceException naming the line that is wrong, or if there is none
   */
  List<Row> read(Configuration configuration) throws IOException {
    String name = file.getName().toLowerCase(Locale.ROOT);
    boolean json = name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json");
    List<Row> rows = json ? readJson(ListText.read(file, configuration)) : readCsv(configuration);
    if (rows.isEmpty()) {
      throw new InvalidSourceException(file + ": the list names no videos");
    }
    for (Row row : rows) {
      if (row.field(columns.get(0)).isEmpty()) {
        throw new InvalidSourceException(
            "%s:%d: the %s is empty".formatted(file, row.line(), columns.get(0)));
      }
    }
    return rows;
  }

  private List<Row> readJson(ListText list) throws InvalidSourceException {
    List<Row> rows = new ArrayList<>();
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
      Map<String, String> fields = new HashMap<>();
      object
          .fields()
          .forEachRemaining(field -> fields.put(field.getKey(), field.getValue().asText().strip()));
      checkColumns(List.copyOf(fields.keySet()), list.file() + ":" + line.number());
      rows.add(new Row(line.number(), fields));
    }
    return rows;
  }

  private List<Row> readCsv(Configuration configuration) throws IOException {
    CsvParserSettings settings = new CsvParserSettings();
    settings.setHeaderExtractionEnabled(true);
    settings.setLineSeparatorDetectionEnabled(true);
    settings.setMaxCharsPerColumn(LONGEST_FIELD);
    settings.setNullValue("");
    settings.setEmptyValue("");
    CsvParser parser = new CsvParser(settings);
    List<Row> rows = new ArrayList<>();
    try (Reader reader =
        new InputStreamReader(
            file.getFileSystem(configuration).open(file), StandardCharsets.UTF_8)) {
      parser.beginParsing(reader);
      Record record = parser.parseNextRecord();
      List<String> header = record == null ? List.of() : List.of(record.getMetaData().headers());
      if (record != null) {
        checkColumns(header, file + ":1");
      }
      while (record != null) {
        Map<String, String> fields = new HashMap<>();
        for (String column : header) {
          fields.put(column, String.valueOf(record.getString(column)).strip());
        }
        rows.add(new Row(parser.getContext().currentLine(), fields));
        record = parser.parseNextRecord();
      }
    } catch (FileNotFoundException e) {
      throw new InvalidSourceException(file + ": there is no such list file", e);
    } catch (TextParsingException e) {
      throw new InvalidSourceException(
          "%s:%d: not CSV: a quote is open or a field is longer than %d characters"
              .formatted(file, e.getLineIndex() + 1, LONGEST_FIELD),
          e);
    }
    return rows;
  }

  private void checkColumns(List<String> names, String where) throws InvalidSourceException {
    Set<String> unknown = new TreeSet<>(names);
    columns.forEach(unknown::remove);
    if (!names.contains(columns.get(0)) || !unknown.isEmpty()) {
      int last = columns.size() - 1;
      throw new InvalidSourceException(
          "%s: columns are %s (required), %s and %s, not %s"
              .formatted(
                  where,
                  columns.get(0),
                  String.join(", ", columns.subList(1, last)),
                  columns.get(last),
                  names));
    }
  }
}
