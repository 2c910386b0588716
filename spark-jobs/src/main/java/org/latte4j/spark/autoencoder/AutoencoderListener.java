package org.latte4j.spark.autoencoder;

import java.io.IOException;
import org.latte4j.data.frames.FrameManifest;
import org.latte4j.spark.averaging.RoundMetrics;
import org.latte4j.spark.checkpoint.Checkpoint;

/**
 * Is told how the training of an autoencoder goes on; called by the driver's thread, and training
 * waits for it. What a listener throws ends the run.
 */
public interface AutoencoderListener {
  /** The frames are there. */
  default void framesReady(FrameManifest frames) throws IOException {}

  /** Training begins, or goes on; comes again if it has to go back to its newest checkpoint. */
  default void begins(AutoencoderRunDescription run) throws IOException {}

  /** A round is done, and its numbers are finite. */
  default void roundDone(RoundMetrics metrics) throws IOException {}

  /** A whole checkpoint has been written. */
  default void checkpointWritten(Checkpoint checkpoint) throws IOException {}

  /** Something is wrong that does not end the run. */
  default void warned(String message) throws IOException {}

  /** The run stands still, or moves again. Called by the watchdog's thread. */
  default void standsStill(String report) {}
}
