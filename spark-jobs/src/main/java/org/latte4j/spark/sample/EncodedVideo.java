package org.latte4j.spark.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.latte4j.data.video.RgbImage;
import org.latte4j.data.video.VideoFormat;
import org.latte4j.data.video.VideoWriter;

/**
 * A video in one file. FFmpeg needs a seekable one, so that it is made on the local disk and copied
 * when it is whole.
 */
final class EncodedVideo implements FrameSink {
  private final VideoFiles files;
  private final String name;
  private final Path local;
  private final VideoWriter writer;

  EncodedVideo(VideoFiles files, String name, VideoFormat format, RgbImage first, int rate)
      throws IOException {
    this.files = files;
    this.name = name + "." + format.extension();
    this.local = Files.createTempFile("latte-", "." + format.extension());
    try {
      this.writer = VideoWriter.create(local, format, first.width(), first.height(), rate);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(local);
      throw e;
    }
  }

  @Override
  public void write(RgbImage frame) throws IOException {
    writer.write(frame);
  }

  @Override
  public String finish() throws IOException {
    writer.finish();
    return files.publish(local, name).toString();
  }

  @Override
  public void close() throws IOException {
    try {
      writer.close();
    } finally {
      Files.deleteIfExists(local);
    }
  }
}
