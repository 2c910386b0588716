package org.latte4j.spark.start;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.latte4j.spark.checkpoint.CheckpointException;

/**
 * The JSON form of a {@link StartReport}: {@code start.json} in every checkpoint of a run that
 * began with weights made before.
 */
public final class StartReportFile {
  /** File name in a checkpoint. */
  public static final String NAME = "start.json";

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private StartReportFile() {}

  /** As JSON text. */
  public static String toJson(StartReport report) {
    try {
      return MAPPER.writeValueAsString(report) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report of texts and numbers always becomes JSON", e);
    }
  }

  /**
   * Reads it from a checkpoint's folder; empty if the run began with a fresh network.
   *
   * @throws CheckpointException if it is damaged
   */
  public static Optional<StartReport> read(Path checkpoint, Configuration hadoop)
      throws IOException {
    Path file = new Path(checkpoint, NAME);
    FileSystem fileSystem = file.getFileSystem(hadoop);
    if (!fileSystem.exists(file)) {
      return Optional.empty();
    }
    try (InputStream in = fileSystem.open(file)) {
      return Optional.of(MAPPER.readValue(in, StartReport.class));
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          "%s is damaged (%s); copy the folder again or use an older checkpoint"
              .formatted(file, e.getOriginalMessage()),
          e);
    }
  }
}
