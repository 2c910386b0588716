package org.latte4j.spark.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.storage.WholeFile;

/**
 * A run's history: entries as lines of JSON in the files {@code metrics/NUMBER.jsonl} of the run's
 * folder, on any Hadoop file system.
 *
 * <p>Files are written whole, never changed and never deleted: {@link #flush} puts what was added
 * since the last one into a new file. Nothing is cut off when a run goes on from a checkpoint.
 * Instead, reading the files in order, an entry that a session began after so many rounds voids
 * what was noted of later rounds before it.
 *
 * <p>Holds all entries in memory, about 1 KB a round. Not thread-safe.
 */
public final class RunHistory {
  private static final String FOLDER = "metrics";
  private static final Pattern FILE = Pattern.compile("(\\d{1,9})\\.jsonl");
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final Path folder;
  private final FileSystem fileSystem;
  private final List<HistoryEntry> entries = new ArrayList<>();
  private final List<HistoryEntry> unwritten = new ArrayList<>();
  private int nextFile;

  private RunHistory(Path folder, FileSystem fileSystem) {
    this.folder = folder;
    this.fileSystem = fileSystem;
  }

  /**
   * Reads what the run has noted so far; empty for a new run.
   *
   * @param run the run's folder
   * @throws IOException if a file cannot be read or is damaged
   */
  public static RunHistory open(Path run, Configuration hadoop) throws IOException {
    Path folder = new Path(run, FOLDER);
    RunHistory history = new RunHistory(folder, folder.getFileSystem(hadoop));
    if (history.fileSystem.exists(folder)) {
      history.read();
    }
    return history;
  }

  private void read() throws IOException {
    List<Path> files =
        Stream.of(fileSystem.listStatus(folder))
            .map(FileStatus::getPath)
            .filter(file -> number(file) >= 0)
            .sorted((a, b) -> Integer.compare(number(a), number(b)))
            .toList();
    for (Path file : files) {
      nextFile = number(file) + 1;
      int line = 0;
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(fileSystem.open(file), StandardCharsets.UTF_8))) {
        for (String text = lines.readLine(); text != null; text = lines.readLine()) {
          line++;
          keep(MAPPER.readValue(text, HistoryEntry.class));
        }
      } catch (JsonProcessingException e) {
        throw new IOException(
            "%s, line %d is no entry of a run's history (%s). Nothing but the report needs it: remove"
                    .formatted(file, line, e.getOriginalMessage())
                + " the file to go on without",
            e);
      }
    }
  }

  private static int number(Path file) {
    Matcher name = FILE.matcher(file.getName());
    return name.matches() ? Integer.parseInt(name.group(1)) : -1;
  }

  /** Notes an entry; {@link #flush} makes it last. */
  public void add(HistoryEntry entry) {
    keep(entry);
    unwritten.add(entry);
  }

  private void keep(HistoryEntry entry) {
    if (entry instanceof HistoryEntry.SessionBegan session) {
      entries.removeIf(
          earlier -> !isOfSession(earlier) && earlier.finishedRounds() > session.finishedRounds());
    }
    entries.add(entry);
  }

  /** Sessions are told of even where their rounds were run again. */
  private static boolean isOfSession(HistoryEntry entry) {
    return entry instanceof HistoryEntry.SessionBegan
        || entry instanceof HistoryEntry.SessionEnded
        || entry instanceof HistoryEntry.Warning;
  }

  /** Writes what was added since the last time, as a file that appears whole or not at all. */
  public void flush() throws IOException {
    if (unwritten.isEmpty()) {
      return;
    }
    String name = "%06d.jsonl".formatted(nextFile);
    try {
      WholeFile.writeNew(
          fileSystem,
          new Path(folder, name),
          new Path(folder, "_" + name + ".unfinished"),
          this::writeUnwritten);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(e.getMessage() + "; is another driver training in the same folder?", e);
    }
    nextFile++;
    unwritten.clear();
  }

  private void writeUnwritten(OutputStream out) throws IOException {
    for (HistoryEntry entry : unwritten) {
      out.write(MAPPER.writeValueAsBytes(entry));
      out.write('\n');
    }
  }

  /** Where the files lie. */
  public Path folder() {
    return folder;
  }

  /** All entries that stand, in order. */
  public List<HistoryEntry> entries() {
    return List.copyOf(entries);
  }

  /** The entries of one kind, in order. */
  public <E extends HistoryEntry> List<E> all(Class<E> kind) {
    return entries.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** The last entry of a kind. */
  public <E extends HistoryEntry> Optional<E> last(Class<E> kind) {
    List<E> all = all(kind);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }
}
