package org.latte4j.data.shard;

import java.io.IOException;

/**
 * A folder of latent shards that is unfinished, damaged or of a version that is not read; the
 * message names the file, the likely cause and what to do.
 */
public final class ShardFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With a message that says which file, what is wrong, the likely cause and what to do. */
  public ShardFormatException(String message) {
    super(message);
  }

  /** As above, with the cause. */
  public ShardFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
