package org.latte4j.spark.start;

import org.latte4j.model.settings.Settings;

/**
 * The settings {@code train.start-from} and below {@code train.start}, checked.
 *
 * @param location of the weights; empty for a fresh network
 * @param temporalBlocks what temporal blocks begin with
 * @param positions what becomes of positions when resolution or number of frames differ
 */
public record StartSettings(String location, TemporalBlocks temporalBlocks, Positions positions) {

  /** What temporal blocks begin with. */
  public enum TemporalBlocks {
    /** The block of the same index, be it one that saw single images: as the reference does. */
    BY_INDEX,
    /** Nothing: spatial blocks alone are loaded, and temporal ones leave tokens as they are. */
    SPATIAL_ONLY
  }

  /** What becomes of positions when resolution or number of frames differ. */
  public enum Positions {
    /** The source's positions are stretched over the network's tokens. */
    INTERPOLATED,
    /** Positions are those of a fresh network, and go beyond those that the weights have seen. */
    COMPUTED
  }

  /** Reads and checks the settings. */
  public static StartSettings from(Settings settings) {
    return new StartSettings(
        settings.optionalText("train.start-from").orElse(""),
        settings.oneOf("train.start.temporal-blocks", TemporalBlocks.class),
        settings.oneOf("train.start.positions", Positions.class));
  }

  /** Whether a network starts from weights at all. */
  public boolean given() {
    return !location.isEmpty();
  }
}
