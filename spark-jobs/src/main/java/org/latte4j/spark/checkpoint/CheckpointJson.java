package org.latte4j.spark.checkpoint;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.latte4j.data.clip.RunPosition;

/** The JSON files of a checkpoint, each with its format's name and version. */
final class CheckpointJson {
  static final String STATE = "state.json";
  static final String SUCCESS = "_SUCCESS";

  /** The version that is written; readers take this one and older ones. */
  static final int VERSION = 2;

  private static final String FORMAT = "latte4j-checkpoint";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private CheckpointJson() {}

  /** Content of the file that makes a checkpoint whole. */
  @JsonPropertyOrder({"files"})
  record Success(List<StoredFile> files) {
    Success {
      files = List.copyOf(files);
    }
  }

  static byte[] write(Object value) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("format", FORMAT);
    json.put("version", VERSION);
    json.setAll((ObjectNode) MAPPER.valueToTree(value));
    try {
      return (MAPPER.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  static CheckpointState readState(CheckpointFolder folder) throws IOException {
    return read(folder, STATE, CheckpointState.class);
  }

  static <T> T read(CheckpointFolder folder, String name, Class<T> type) throws IOException {
    String file = folder.description() + "/" + name;
    try (InputStream in = folder.stream(name)) {
      JsonNode json = MAPPER.readTree(in);
      if (!FORMAT.equals(json.path("format").asText())) {
        throw new CheckpointException(
            "%s is not of a checkpoint: it lacks \"format\": \"%s\"; is this the folder of another"
                    .formatted(file, FORMAT)
                + " program?");
      }
      int version = json.path("version").asInt();
      if (version < 1 || version > VERSION) {
        throw new CheckpointException(
            "%s has version %d, and this program reads 1 to %d; use the Latte4J that wrote it or a"
                    .formatted(file, version, VERSION)
                + " newer one");
      }
      if (version == 1 && type == CheckpointState.class) {
        addWhatVersion1Lacks((ObjectNode) json);
      }
      return MAPPER.treeToValue(json, type);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          "%s is damaged (%s); copy the folder again or use an older checkpoint"
              .formatted(file, e.getOriginalMessage()),
          e);
    }
  }

  /** Settings could not be changed in the middle of a run, and steps not be skipped. */
  private static void addWhatVersion1Lacks(ObjectNode state) {
    long batch = state.at("/configuration/train/batch-size").asLong(1);
    state.put("number", 1);
    state.put("samples", state.path("step").asLong() * state.path("workers").asLong() * batch);
    state.put("epoch", 0.0);
    state.put("skipped-steps", 0);
    state.set("since", MAPPER.valueToTree(RunPosition.START));
    state.putArray("changes");
  }

  /** From an index of safetensors files: the file of each tensor. */
  static Map<String, String> shards(CheckpointFolder folder, String index) throws IOException {
    try (InputStream in = folder.stream(index)) {
      JsonNode map = MAPPER.readTree(in).path("weight_map");
      Map<String, String> shards = new HashMap<>();
      map.properties().forEach(field -> shards.put(field.getKey(), field.getValue().asText()));
      return shards;
    }
  }
}
