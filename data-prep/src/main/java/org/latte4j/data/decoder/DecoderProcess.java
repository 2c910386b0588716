package org.latte4j.data.decoder;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.latte4j.data.source.SourceFile;
import org.latte4j.data.source.SourceVideo;
import org.latte4j.data.transform.FrameTransform;
import org.latte4j.data.video.DecodeLimits;
import org.latte4j.data.video.FrameRange;
import org.latte4j.data.video.FrameStream;
import org.latte4j.data.video.KeyFrameIndex;
import org.latte4j.data.video.VideoDecodeException;
import org.latte4j.data.video.VideoFrame;

/**
 * Decodes and transforms videos in a process of its own, one after the other. The process starts
 * with the first video and anew after one that ended it; it works ahead of the caller by no more
 * than what a pipe holds.
 *
 * <p>Contained are crashes of native code, endless loops (by the time limits) and memory (by a
 * limit on the process's address space). Not contained is processor time: a task decodes and
 * encodes on two processes at once.
 *
 * <p>Not thread-safe. Closing ends the process.
 */
public final class DecoderProcess implements AutoCloseable {
  private final List<String> command;
  private final DecoderSettings settings;
  private final FrameTransform transform;
  private final DecodeLimits limits;
  private final Configuration hadoop;
  private Optional<RunningDecoder> running = Optional.empty();

  /** A decoder whose process is not started yet. */
  public DecoderProcess(
      DecoderSettings settings,
      FrameTransform transform,
      DecodeLimits limits,
      Configuration hadoop) {
    this(
        DecoderCommand.of(settings.memoryBytes(), limits.pixels()),
        settings,
        transform,
        limits,
        hadoop);
  }

  DecoderProcess(
      List<String> command,
      DecoderSettings settings,
      FrameTransform transform,
      DecodeLimits limits,
      Configuration hadoop) {
    this.command = List.copyOf(command);
    this.settings = settings;
    this.transform = transform;
    this.limits = limits;
    this.hadoop = hadoop;
  }

  /**
   * Opens a video; its frames come transformed. One video is open at a time.
   *
   * @param files the video's, as {@link SourceVideo#files} lists them
   * @throws VideoDecodeException if it cannot be decoded
   * @throws DecoderDiedException if the process crashed or took too long
   */
  public DecodedVideo open(SourceVideo video, List<SourceFile> files, FrameRange range)
      throws IOException {
    RunningDecoder process = ready();
    Conversation frames =
        new Conversation(process, new FileServer(files, hadoop), range.firstFrame(), this::close);
    try {
      frames.ask(DecoderMain.DECODE, request(video, files, range));
      frames.awaitOpened();
      return frames;
    } catch (IOException e) {
      frames.close();
      throw e;
    }
  }

  /**
   * Lists a video file's frames and key frames without decoding them.
   *
   * @throws VideoDecodeException if it is no video, or its frames cannot be told apart by time
   * @throws DecoderDiedException if the process crashed or took too long
   */
  public KeyFrameIndex scan(SourceVideo video, List<SourceFile> files) throws IOException {
    RunningDecoder process = ready();
    try (Conversation scanned =
        new Conversation(process, new FileServer(files, hadoop), 0, this::close)) {
      scanned.ask(DecoderMain.SCAN, request(video, files, FrameRange.WHOLE));
      return scanned.awaitIndex();
    }
  }

  /**
   * Processor time that the process has used, its start included; zero if none runs, or if the
   * system does not tell.
   */
  public Duration processorTime() {
    return running.flatMap(RunningDecoder::processorTime).orElse(Duration.ZERO);
  }

  /** A video's frames, transformed. */
  public interface DecodedVideo extends AutoCloseable {
    /** As {@link FrameStream#framesPerSecond}. */
    double framesPerSecond();

    /**
     * As {@link FrameStream#next}.
     *
     * @throws VideoDecodeException if the video is cut or corrupt
     * @throws DecoderDiedException if the process crashed or took too long
     */
    Optional<VideoFrame> next() throws IOException;

    /** Frames returned so far. */
    int decoded();

    /** As {@link FrameStream#damaged}; known after the last frame. */
    int damaged();

    @Override
    void close() throws IOException;
  }

  @Override
  public void close() {
    running.ifPresent(RunningDecoder::end);
    running = Optional.empty();
  }

  private DecodeRequest request(SourceVideo video, List<SourceFile> files, FrameRange range) {
    return new DecodeRequest(
        video.form() == SourceVideo.Form.FRAMES,
        files.stream().map(file -> new DecodeRequest.File(file.name(), file.bytes())).toList(),
        range,
        transform,
        limits);
  }

  private RunningDecoder ready() throws IOException {
    if (running.isEmpty()) {
      running = Optional.of(new RunningDecoder(command, settings));
    }
    return running.get();
  }
}
