package org.latte4j.spark.validation;

import java.util.List;
import org.latte4j.model.diffusion.NoiseSchedule;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.weights.Part;
import org.latte4j.spark.train.TrainSettings;

/**
 * The settings below {@code train.validation}, checked.
 *
 * @param everyRounds rounds from one validation to the next; 0 for none
 * @param clips that are drawn from the held-out videos
 * @param bands of timesteps that losses are told apart by
 * @param weights which are evaluated
 */
public record ValidationSettings(int everyRounds, int clips, int bands, List<Part> weights) {
  /** Copies the list. */
  public ValidationSettings {
    weights = List.copyOf(weights);
  }

  /** Reads and checks the settings. */
  public static ValidationSettings from(Settings settings) {
    int everyRounds = settings.integer("train.validation.every-rounds", 0, Integer.MAX_VALUE);
    if (everyRounds > 0 && TrainSettings.heldOut(settings).isNone()) {
      throw settings.invalid(
          "train.validation.every-rounds",
          "0, or train.validation.split or train.validation.share must say what is held out");
    }
    return new ValidationSettings(
        everyRounds,
        settings.integer("train.validation.clips", 1, 1 << 20),
        settings.integer("train.validation.bands", 1, NoiseSchedule.STEPS),
        settings.list("train.validation.weights").stream()
            .map(name -> part(settings, name))
            .distinct()
            .toList());
  }

  private static Part part(Settings settings, String name) {
    for (Part part : Part.values()) {
      if (part.key().equals(name)) {
        return part;
      }
    }
    throw settings.invalid("train.validation.weights", "a list of ema and model");
  }
}
