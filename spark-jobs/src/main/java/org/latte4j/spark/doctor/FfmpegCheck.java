package org.latte4j.spark.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.bytedeco.ffmpeg.global.avutil;
import org.latte4j.data.video.RgbImage;
import org.latte4j.data.video.VideoDecoder;
import org.latte4j.data.video.VideoFormat;
import org.latte4j.data.video.VideoWriter;

/** Whether FFmpeg loads, writes H.264 and reads it again: a few frames, there and back. */
public final class FfmpegCheck implements Check {
  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;
  private static final int FRAMES = 3;
  private static final String REMEDY =
      "The natives are for linux-x86_64 with glibc 2.17 or newer: build again from a clean clone.";

  @Override
  public List<Finding> examine() {
    try {
      String version = "FFmpeg " + avutil.av_version_info().getString();
      int frames = thereAndBack();
      return List.of(
          frames == FRAMES
              ? Finding.fine("video", version + " writes and reads H.264")
              : Finding.unusable(
                  "video",
                  "%s: of %d frames written as H.264, %d were read"
                      .formatted(version, FRAMES, frames),
                  REMEDY));
    } catch (IOException e) {
      return List.of(
          Finding.unusable("video", "H.264 is not written and read: " + e.getMessage(), REMEDY));
    } catch (LinkageError e) {
      return List.of(Finding.unusable("video", "FFmpeg does not load: " + e, REMEDY));
    }
  }

  private static int thereAndBack() throws IOException {
    Path folder = Files.createTempDirectory("latte-doctor");
    Path file = folder.resolve("check.mp4");
    try {
      RgbImage grey = new RgbImage(WIDTH, HEIGHT, new byte[WIDTH * HEIGHT * 3]);
      VideoWriter.write(file, VideoFormat.MP4, Collections.nCopies(FRAMES, grey), 8);
      int frames = 0;
      try (VideoDecoder decoder = VideoDecoder.open(file)) {
        while (decoder.next().isPresent()) {
          frames++;
        }
      }
      return frames;
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }
}
