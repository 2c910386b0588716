package org.latte4j.spark.sample;

import java.io.Closeable;
import java.io.IOException;
import org.latte4j.data.video.RgbImage;

/** Takes the frames of one video, one after the other. Closing without an end leaves no file. */
interface FrameSink extends Closeable {
  /** The next frame; all have the same size. */
  void write(RgbImage frame) throws IOException;

  /**
   * Completes what was written.
   *
   * @return the path of the file or folder
   */
  String finish() throws IOException;
}
