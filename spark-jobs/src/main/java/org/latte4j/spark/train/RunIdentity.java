package org.latte4j.spark.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Set;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.checkpoint.Checkpoint;

/**
 * What a training run's result follows from: the data set and the settings, but for those that
 * change nothing. Going on with others would give a result that no single run gives.
 *
 * @param settings all of them, resolved
 * @param manifestFingerprint of the shards
 */
record RunIdentity(JsonNode settings, String manifestFingerprint, Map<String, Object> deciding) {
  private static final Set<String> WITHOUT_INFLUENCE =
      Set.of("train.threads-per-worker", "train.cache");
  private static final String WITHOUT_INFLUENCE_BELOW = "train.checkpoint.";

  static RunIdentity of(Settings settings, String manifestFingerprint) {
    Map<String, Object> deciding = new java.util.TreeMap<>();
    for (String section : new String[] {"model", "train"}) {
      settings.section(section).forEach((key, value) -> deciding.put(section + "." + key, value));
    }
    deciding.keySet().removeAll(WITHOUT_INFLUENCE);
    deciding.keySet().removeIf(key -> key.startsWith(WITHOUT_INFLUENCE_BELOW));
    try {
      return new RunIdentity(
          new ObjectMapper().readTree(settings.resolvedJson()), manifestFingerprint, deciding);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("resolved settings are not JSON", e);
    }
  }

  /**
   * Refuses to go on from a checkpoint of another run.
   *
   * @throws SettingsException naming the first difference
   */
  void requireSame(Checkpoint checkpoint) {
    if (!checkpoint.state().manifestFingerprint().equals(manifestFingerprint)) {
      throw new SettingsException(
          "%s was trained on other shards (manifest %s, not %s): train into another folder"
              .formatted(
                  checkpoint.path(),
                  checkpoint.state().manifestFingerprint(),
                  manifestFingerprint));
    }
    for (Map.Entry<String, Object> entry : deciding.entrySet()) {
      JsonNode before =
          checkpoint.state().configuration().at("/" + entry.getKey().replace('.', '/'));
      JsonNode now = settings.at("/" + entry.getKey().replace('.', '/'));
      if (!before.asText().equals(now.asText())) {
        throw new SettingsException(
            "%s = %s, but %s was trained with %s: a run goes on with the settings that it began with;"
                    .formatted(entry.getKey(), now.asText(), checkpoint.path(), before.asText())
                + " set it back or train into another folder");
      }
    }
  }
}
