package org.latte4j.data.encode;

/** Whether frames are also encoded mirrored left to right, for training to choose from. */
public enum Mirroring {
  /** As they are only: where left and right differ, as in the SkyTimelapse recipe. */
  NONE,
  /** Both ways, each in rows of its own: an autoencoder's latents cannot be mirrored afterwards. */
  BOTH
}
