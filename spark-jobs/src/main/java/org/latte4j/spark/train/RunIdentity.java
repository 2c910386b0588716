package org.latte4j.spark.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.model.training.LearningRateSchedule.Decay;
import org.latte4j.spark.checkpoint.Checkpoint;
import org.latte4j.spark.checkpoint.CheckpointState;
import org.latte4j.spark.checkpoint.SettingChange;

/**
 * What a training run's result follows from: the data set and the settings, but for those that
 * could not have changed anything in the rounds that are done. Going on with others would give a
 * result that no single run gives.
 */
public final class RunIdentity {
  /** Keys, and sections that end with a dot. */
  private static final Set<String> WITHOUT_INFLUENCE =
      Set.of(
          "train.threads-per-worker",
          "train.cache",
          // What it lists decides, and not where it lies: see ImageSource.identity.
          "train.image-list",
          // Gradients are the same to the bit.
          "model.gradient-checkpointing",
          // Rounds that are done had no step of which this could have made another.
          "train.non-finite",
          "train.tensorboard",
          "train.listeners",
          "train.validation.every-rounds",
          "train.validation.clips",
          "train.validation.bands",
          "train.validation.weights",
          "train.samples.",
          "autoencoder.export.",
          "train.checkpoint.",
          "train.recovery.",
          "train.watchdog.");

  private static final String MANIFEST = "manifest";
  private static final String PREDICTION = "model.prediction";

  private final Settings settings;
  private final JsonNode resolved;
  private final String manifestFingerprint;
  private final Set<String> deciding;

  private RunIdentity(
      Settings settings, JsonNode resolved, String manifestFingerprint, Set<String> deciding) {
    this.settings = settings;
    this.resolved = resolved;
    this.manifestFingerprint = manifestFingerprint;
    this.deciding = deciding;
  }

  static RunIdentity of(Settings settings, String manifestFingerprint) {
    return of(settings, manifestFingerprint, "model", "train");
  }

  /**
   * Of settings and data.
   *
   * @param manifestFingerprint of what is trained on
   * @param sections of the settings that decide
   */
  public static RunIdentity of(Settings settings, String manifestFingerprint, String... sections) {
    Set<String> deciding = new TreeSet<>();
    for (String section : sections) {
      settings.section(section).keySet().forEach(key -> deciding.add(section + "." + key));
    }
    deciding.removeIf(RunIdentity::hasNoInfluence);
    if (TrainSettings.from(settings).schedule() == Decay.CONSTANT) {
      // A cosine ends at the last step, so that its rate depends on their number from the start.
      deciding.remove("train.rounds");
    }
    try {
      JsonNode resolved = new ObjectMapper().readTree(settings.resolvedJson());
      return new RunIdentity(settings, resolved, manifestFingerprint, deciding);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("resolved settings are not JSON", e);
    }
  }

  /** All settings, for provenance; secrets are masked. */
  public JsonNode settings() {
    return resolved;
  }

  /** Identifies the shards. */
  public String manifestFingerprint() {
    return manifestFingerprint;
  }

  /**
   * What a run that goes on from a checkpoint is made with.
   *
   * @param policy whether other settings are refused or noted
   * @throws SettingsException naming every setting that differs, if they are refused, or what the
   *     network predicts, which cannot change
   */
  public SettingsHistory goingOnFrom(Checkpoint checkpoint, ChangePolicy policy) {
    CheckpointState state = checkpoint.state();
    List<SettingChange> changes = changes(state);
    if (changes.isEmpty()) {
      return new SettingsHistory(state.since(), state.changes());
    }
    if (policy == ChangePolicy.REFUSE) {
      throw refusal(checkpoint, changes);
    }
    if (changes.stream().anyMatch(change -> change.setting().equals(PREDICTION))) {
      throw settings.invalid(
          PREDICTION,
          "what %s was trained with: what a network predicts cannot change in the middle of a run"
              .formatted(checkpoint.path()));
    }
    List<SettingChange> all = new ArrayList<>(state.changes());
    all.addAll(changes);
    return new SettingsHistory(state.position(), all);
  }

  private List<SettingChange> changes(CheckpointState state) {
    List<SettingChange> changes = new ArrayList<>();
    if (!state.manifestFingerprint().equals(manifestFingerprint)) {
      changes.add(
          new SettingChange(
              state.round(), MANIFEST, state.manifestFingerprint(), manifestFingerprint));
    }
    for (String key : deciding) {
      String pointer = "/" + key.replace('.', '/');
      JsonNode before = state.configuration().at(pointer);
      String now = text(resolved.at(pointer));
      // A setting that an older version did not have stood at what is its default now.
      boolean same = before.isMissingNode() ? !settings.given(key) : sameValue(text(before), now);
      if (!same) {
        String was = before.isMissingNode() ? "(default)" : text(before);
        changes.add(new SettingChange(state.round(), key, was, now));
      }
    }
    return changes;
  }

  /** A list as it may be given on the command line: {@code a,b}. */
  private static String text(JsonNode value) {
    if (!value.isArray()) {
      return value.asText();
    }
    List<String> elements = new ArrayList<>();
    value.forEach(element -> elements.add(element.asText()));
    return String.join(",", elements);
  }

  /** Numbers may be written differently: 1e-4 and 0.0001. */
  private static boolean sameValue(String before, String now) {
    if (before.equals(now)) {
      return true;
    }
    try {
      return new BigDecimal(before).compareTo(new BigDecimal(now)) == 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static SettingsException refusal(Checkpoint checkpoint, List<SettingChange> changes) {
    String differences =
        changes.stream()
            .map(
                change ->
                    change.setting().equals(MANIFEST)
                        ? "it was trained on other shards (manifest %s, not %s)"
                            .formatted(change.before(), change.after())
                        : "%s = %s, but it was trained with %s"
                            .formatted(change.setting(), change.after(), change.before()))
            .collect(Collectors.joining("; "));
    return new SettingsException(
        "%s: %s. A run goes on with what it began with: set it back, train into another folder, or"
                .formatted(checkpoint.path(), differences)
            + " give --allow-change, which notes the change in state.json");
  }

  private static boolean hasNoInfluence(String key) {
    return WITHOUT_INFLUENCE.stream()
        .anyMatch(entry -> entry.endsWith(".") ? key.startsWith(entry) : key.equals(entry));
  }
}
