package org.latte4j.spark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.latte4j.model.settings.SettingsException;

/**
 * The machine-readable result of a verb ({@code --json FILE}): {@code verb}, {@code status} (done
 * or failed), {@code exit-status}, {@code seconds}, then what the verb itself reports, or {@code
 * error}. It appears whole or not at all.
 */
final class JsonReport {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .setPropertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT);

  private final Path file;

  private JsonReport(Path file) {
    this.file = file;
  }

  /**
   * Opens a report before the work starts, so that a file that cannot be written is known at once.
   */
  static JsonReport to(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new SettingsException("--json " + file + ": its folder cannot be made: " + e, e);
    }
    if (Files.isDirectory(file) || !Files.isWritable(folder)) {
      throw new SettingsException("--json " + file + ": cannot be written");
    }
    return new JsonReport(file);
  }

  /**
   * Writes what a verb achieved.
   *
   * @param result a record or map, whose entries stand beside the common ones
   */
  void done(String verb, double seconds, Object result) throws IOException {
    ObjectNode report = common(verb, ExitStatus.DONE, seconds);
    JsonNode entries = MAPPER.valueToTree(result == null ? Map.of() : result);
    if (!entries.isObject()) {
      throw new IllegalArgumentException("a verb's result must be a record or a map: " + result);
    }
    entries.fields().forEachRemaining(entry -> report.set(entry.getKey(), entry.getValue()));
    write(report);
  }

  /** Writes why a verb failed. */
  void failed(String verb, double seconds, Failure failure) throws IOException {
    write(common(verb, failure.status(), seconds).put("error", failure.message()));
  }

  private static ObjectNode common(String verb, ExitStatus status, double seconds) {
    return MAPPER
        .createObjectNode()
        .put("verb", verb)
        .put("status", status == ExitStatus.DONE ? "done" : "failed")
        .put("exit-status", status.code())
        .put("seconds", Math.round(seconds * 1000) / 1000.0);
  }

  private void write(ObjectNode report) throws IOException {
    Path whole = file.toAbsolutePath();
    Path partial =
        whole.resolveSibling(
            "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".partial");
    try {
      Files.write(partial, MAPPER.writeValueAsBytes(report));
      try {
        Files.move(partial, whole, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(partial, whole, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(partial);
    }
  }
}
