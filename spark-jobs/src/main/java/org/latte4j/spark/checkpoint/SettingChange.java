package org.latte4j.spark.checkpoint;

/**
 * A setting that decides the result and that was changed in the middle of a run.
 *
 * @param round the first that ran with the new value
 * @param setting its key, or {@code manifest} for the shards
 * @param before its value, as text
 * @param after its value from then on
 */
public record SettingChange(long round, String setting, String before, String after) {
  /** For people: {@code train.learning-rate: 1e-4 -> 1e-5 since round 300}. */
  @Override
  public String toString() {
    return "%s: %s -> %s since round %d".formatted(setting, before, after, round);
  }
}
