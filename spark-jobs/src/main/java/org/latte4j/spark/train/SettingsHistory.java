package org.latte4j.spark.train;

import java.util.List;
import org.latte4j.data.clip.RunPosition;
import org.latte4j.spark.checkpoint.SettingChange;

/**
 * What settings a run has had.
 *
 * @param since where the present ones came into force
 * @param changes settings that were changed in the middle of the run, oldest first
 */
public record SettingsHistory(RunPosition since, List<SettingChange> changes) {
  /** A run that has had the same settings from its start. */
  public static final SettingsHistory UNCHANGED = new SettingsHistory(RunPosition.START, List.of());

  /** Copies the list. */
  public SettingsHistory {
    changes = List.copyOf(changes);
  }
}
