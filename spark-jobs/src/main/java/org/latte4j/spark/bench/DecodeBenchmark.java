package org.latte4j.spark.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.latte4j.data.decoder.DecoderProcess;
import org.latte4j.data.decoder.DecoderProcess.DecodedVideo;
import org.latte4j.data.encode.EncodeRecipe;
import org.latte4j.data.source.SourceFile;
import org.latte4j.data.source.SourceVideo;
import org.latte4j.data.video.FrameRange;
import org.latte4j.data.video.VideoFrame;

/**
 * Processor time of decoding and transforming a video as {@code encode} does it, without the
 * autoencoder: in the decoder's process and in the thread that reads from it. One process decodes
 * all runs, as it does with the videos of one file.
 */
public final class DecodeBenchmark {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final EncodeRecipe recipe;
  private final SourceVideo video;

  /** A measurement of a local video file. */
  public DecodeBenchmark(EncodeRecipe recipe, Path file) throws IOException {
    this.recipe = recipe;
    this.video =
        SourceVideo.unlabelled(
            file.getFileName().toString(),
            file.toUri().toString(),
            SourceVideo.Form.FILE,
            Files.size(file),
            "");
  }

  /**
   * One decoding of the whole video.
   *
   * @param frames decoded
   * @param processSeconds processor time of the decoder's process; in the first run, with its start
   * @param readerSeconds processor time of the thread that reads from it
   * @param elapsedSeconds by the clock
   */
  public record Run(
      int frames, double processSeconds, double readerSeconds, double elapsedSeconds) {
    /** All processor time. */
    public double seconds() {
      return processSeconds + readerSeconds;
    }
  }

  /**
   * Decodes the video some times over.
   *
   * @throws org.latte4j.data.video.VideoDecodeException if it cannot be decoded
   */
  public List<Run> run(int runs) throws IOException {
    Configuration hadoop = new Configuration();
    List<SourceFile> files = video.files(hadoop);
    List<Run> results = new ArrayList<>();
    try (DecoderProcess decoder =
        new DecoderProcess(recipe.decoder(), recipe.transform(), recipe.limits(), hadoop)) {
      for (int run = 0; run < runs; run++) {
        long processBefore = decoder.processorTime().toNanos();
        long readerBefore = THREADS.getCurrentThreadCpuTime();
        long begin = System.nanoTime();
        int frames = decode(decoder, files);
        results.add(
            new Run(
                frames,
                (decoder.processorTime().toNanos() - processBefore) / 1e9,
                (THREADS.getCurrentThreadCpuTime() - readerBefore) / 1e9,
                (System.nanoTime() - begin) / 1e9));
      }
    }
    return results;
  }

  private int decode(DecoderProcess decoder, List<SourceFile> files) throws IOException {
    try (DecodedVideo frames = decoder.open(video, files, FrameRange.WHOLE)) {
      Optional<VideoFrame> frame = frames.next();
      while (frame.isPresent()) {
        frame = frames.next();
      }
      return frames.decoded();
    }
  }
}
