package org.latte4j.data.video;

import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Writes images as a video file. The file appears under its name only once {@link #finish()} has
 * succeeded, in the place of one that may have been there; closing without it leaves nothing
 * behind. The same images give the same bytes.
 *
 * <p>Not thread-safe. Closing frees the native memory.
 */
public final class VideoWriter implements AutoCloseable {
  private final Path target;
  private final Path unfinished;
  private final int width;
  private final int height;
  private final FilterGraph filters;
  private final OutputFile output;
  private final AVFrame filtered = av_frame_alloc();
  private int written;
  private boolean closed;

  private VideoWriter(
      Path target, Path unfinished, int width, int height, FilterGraph filters, OutputFile output) {
    this.target = target;
    this.unfinished = unfinished;
    this.width = width;
    this.height = height;
    this.filters = filters;
    this.output = output;
  }

  /**
   * Begins a video in an existing local folder.
   *
   * @param width of all images in pixels
   * @param height of all images in pixels
   * @throws IllegalArgumentException for a size or rate that the format does not take
   */
  public static VideoWriter create(
      Path target, VideoFormat format, int width, int height, int framesPerSecond)
      throws IOException {
    format.check(width, height, framesPerSecond);
    FfmpegLog.startListening();
    Path unfinished = target.resolveSibling("." + target.getFileName() + ".unfinished");
    FilterGraph filters = new FilterGraph(format.filters(), width, height, framesPerSecond);
    try {
      OutputFile output = new OutputFile(format, unfinished, width, height, framesPerSecond);
      return new VideoWriter(target, unfinished, width, height, filters, output);
    } catch (IOException e) {
      filters.close();
      Files.deleteIfExists(unfinished);
      throw failure(target, e);
    }
  }

  /** Writes a whole video at once; see {@link #create}. */
  public static void write(
      Path target, VideoFormat format, List<RgbImage> images, int framesPerSecond)
      throws IOException {
    if (images.isEmpty()) {
      throw new IllegalArgumentException(target + ": a video needs at least one image");
    }
    RgbImage first = images.get(0);
    try (VideoWriter writer =
        create(target, format, first.width(), first.height(), framesPerSecond)) {
      for (RgbImage image : images) {
        writer.write(image);
      }
      writer.finish();
    }
  }

  /** Adds an image. */
  public void write(RgbImage image) throws IOException {
    if (image.width() != width || image.height() != height) {
      throw new IllegalArgumentException(
          "%s: images of %dx%d were announced, not %dx%d"
              .formatted(target, width, height, image.width(), image.height()));
    }
    try {
      filters.push(image, written++);
      passOn();
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  /** Completes the file and gives it its name; no image can follow. */
  public void finish() throws IOException {
    if (written == 0) {
      throw new IllegalStateException(target + ": a video needs at least one image");
    }
    try {
      filters.end();
      passOn();
      output.end();
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  private void passOn() throws IOException {
    while (filters.pull(filtered)) {
      output.write(filtered);
      av_frame_unref(filtered);
    }
  }

  private static IOException failure(Path target, IOException cause) {
    return new IOException(
        ("%s: the video could not be written: %s; check that the folder exists, can"
                + " be written and has space left")
            .formatted(target, cause.getMessage()),
        cause);
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    filters.close();
    output.close();
    av_frame_free(filtered);
    Files.deleteIfExists(unfinished);
  }
}
