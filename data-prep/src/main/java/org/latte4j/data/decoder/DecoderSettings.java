package org.latte4j.data.decoder;

import java.io.Serializable;
import java.time.Duration;

/**
 * What a decoder process may use.
 *
 * @param memoryBytes outside its heap: FFmpeg's frames, references and buffers
 * @param stallLimit longest wait for the next frame; whoever needs longer hangs
 * @param timeLimit longest wait for a video's frames altogether; the autoencoder's time is not
 *     counted
 */
public record DecoderSettings(long memoryBytes, Duration stallLimit, Duration timeLimit)
    implements Serializable {
  /** One GiB, a minute, two hours. */
  public static final DecoderSettings DEFAULTS =
      new DecoderSettings(1L << 30, Duration.ofMinutes(1), Duration.ofHours(2));

  /** Refuses limits that are not positive. */
  public DecoderSettings {
    if (memoryBytes < 1
        || stallLimit.compareTo(Duration.ZERO) <= 0
        || timeLimit.compareTo(Duration.ZERO) <= 0) {
      throw new IllegalArgumentException(
          "a decoder needs memory and time, not %d bytes, %s and %s"
              .formatted(memoryBytes, stallLimit, timeLimit));
    }
  }
}
