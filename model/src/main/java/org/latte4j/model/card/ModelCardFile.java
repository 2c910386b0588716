package org.latte4j.model.card;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.latte.Architecture;
import org.latte4j.model.latte.TextConditioning;
import org.latte4j.model.weights.WeightFormatException;

/** The JSON form of a {@link ModelCard}: {@code model.json}, with format name and version. */
public final class ModelCardFile {
  /** File name in a folder of weights. */
  public static final String NAME = "model.json";

  private static final String FORMAT = "latte4j-model";
  private static final int VERSION = 1;
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  private ModelCardFile() {}

  /** As JSON text. */
  public static String toJson(ModelCard card) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("format", FORMAT);
    json.put("version", VERSION);
    json.set("model", MAPPER.valueToTree(card));
    try {
      return MAPPER.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a model card cannot be written as JSON", e);
    }
  }

  /**
   * Reads JSON text.
   *
   * @param description where the text comes from, for messages
   * @throws WeightFormatException if it is damaged, of another format or of a newer version
   */
  public static ModelCard fromJson(String json, String description) throws WeightFormatException {
    try {
      JsonNode root = MAPPER.readTree(json);
      if (!FORMAT.equals(root.path("format").asText())) {
        throw new WeightFormatException(
            "%s is not a model card: its format is \"%s\", not \"%s\""
                .formatted(description, root.path("format").asText(), FORMAT));
      }
      if (root.path("version").asInt() != VERSION) {
        throw new WeightFormatException(
            "%s has version %s, but this Latte4J reads version %d: use the Latte4J that wrote it"
                .formatted(description, root.path("version").asText(), VERSION));
      }
      complete(root.path("model"));
      return MAPPER.treeToValue(root.path("model"), ModelCard.class);
    } catch (JsonProcessingException e) {
      throw new WeightFormatException(
          "%s is damaged: %s".formatted(description, e.getOriginalMessage()), e);
    }
  }

  /**
   * Cards were written before there was more than the reference's architecture and objective, and
   * before positions could be laid over a grid other than the network's own.
   */
  private static void complete(JsonNode model) {
    if (model instanceof ObjectNode object && !object.has("prediction")) {
      object.set("prediction", MAPPER.valueToTree(Prediction.NOISE));
    }
    JsonNode network = model.path("network");
    if (network instanceof ObjectNode object && !object.has("architecture")) {
      object.set("architecture", MAPPER.valueToTree(Architecture.REFERENCE));
    }
    if (network.path("architecture") instanceof ObjectNode architecture
        && !architecture.has("text")) {
      architecture.set("text", MAPPER.valueToTree(TextConditioning.NONE));
    }
    if (network instanceof ObjectNode object && !object.has("positions")) {
      int patch = Math.max(1, object.path("patchSize").asInt());
      int stride = Math.max(1, object.at("/architecture/temporalStride").asInt());
      ObjectNode own = object.putObject("positions");
      own.put("frames", object.at("/latent/frames").asInt() / stride);
      own.put("rows", object.at("/latent/height").asInt() / patch);
      own.put("columns", object.at("/latent/width").asInt() / patch);
    }
  }
}
