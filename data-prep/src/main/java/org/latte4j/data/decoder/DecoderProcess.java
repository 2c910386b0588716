package org.latte4j.data.decoder;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
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
import org.latte4j.data.video.RgbImage;
import org.latte4j.data.video.VideoDecodeException;
import org.latte4j.data.video.VideoDecodeException.Reason;
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
  private static final int BUFFER_BYTES = 1 << 17;

  private final List<String> command;
  private final DecoderSettings settings;
  private final FrameTransform transform;
  private final DecodeLimits limits;
  private final Configuration hadoop;
  private Optional<Running> running = Optional.empty();

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
    Running process = ready();
    DecodedFrames frames = new DecodedFrames(process, new FileServer(files, hadoop), range);
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
    Running process = ready();
    try (DecodedFrames scanned =
        new DecodedFrames(process, new FileServer(files, hadoop), FrameRange.WHOLE)) {
      scanned.ask(DecoderMain.SCAN, request(video, files, FrameRange.WHOLE));
      return scanned.awaitIndex();
    }
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
    running.ifPresent(Running::end);
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

  private Running ready() throws IOException {
    if (running.isEmpty()) {
      running = Optional.of(new Running(command, settings));
    }
    return running.get();
  }

  /** A started process, its pipes and its clock. */
  private static final class Running {
    private final Process process;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final ErrorTail errors;
    private final Stopwatch watch;

    Running(List<String> command, DecoderSettings settings) throws IOException {
      ProcessBuilder builder = new ProcessBuilder(command);
      // Every thread's arena would reserve address space; and options for our JVM are not for it.
      builder.environment().put("MALLOC_ARENA_MAX", "2");
      builder.environment().remove("JAVA_TOOL_OPTIONS");
      builder.environment().remove("_JAVA_OPTIONS");
      builder.environment().remove("JDK_JAVA_OPTIONS");
      process = builder.start();
      in = new DataInputStream(new BufferedInputStream(process.getInputStream(), BUFFER_BYTES));
      out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
      errors = ErrorTail.of(process.getErrorStream());
      watch = new Stopwatch(process, settings);
    }

    void end() {
      watch.close();
      process.destroyForcibly();
      try {
        in.close();
        out.close();
      } catch (IOException e) {
        // The process is gone and so is what was meant for it.
      }
    }

    DecoderDiedException died(String video) {
      Optional<String> overtime = watch.overtime();
      process.destroyForcibly();
      int status = awaitEnd();
      if (overtime.isPresent()) {
        return new DecoderDiedException(
            DecoderDiedException.Cause.TIME, video + ": " + overtime.get());
      }
      String said = errors.text();
      return new DecoderDiedException(
          DecoderDiedException.Cause.CRASH,
          "%s: its decoder crashed (%s)%s"
              .formatted(video, ending(status), said.isEmpty() ? "" : ": " + said));
    }

    private int awaitEnd() {
      boolean interrupted = false;
      while (true) {
        try {
          int status = process.waitFor();
          if (interrupted) {
            Thread.currentThread().interrupt();
          }
          return status;
        } catch (InterruptedException e) {
          interrupted = true; // it has been killed and ends at once
        }
      }
    }

    private static String ending(int status) {
      return status > 128 ? "signal " + (status - 128) : "exit status " + status;
    }
  }

  /** The conversation about one video. */
  private final class DecodedFrames implements DecodedVideo {
    private final Running process;
    private final FileServer server;
    private final int first;
    private String name = "";
    private double framesPerSecond;
    private int decoded;
    private int damaged;
    private boolean finished;

    DecodedFrames(Running process, FileServer server, FrameRange range) {
      this.process = process;
      this.server = server;
      this.first = range.firstFrame();
    }

    void ask(int task, DecodeRequest request) throws IOException {
      name =
          request.pictures() || request.files().isEmpty()
              ? "the folder"
              : request.files().get(0).name();
      process.watch.begin();
      try {
        process.out.writeByte(task);
        request.write(process.out);
        process.out.flush();
      } catch (IOException e) {
        throw lost();
      }
    }

    void awaitOpened() throws IOException {
      if (answer() != Message.OPENED) {
        throw new IllegalStateException(name + ": the decoder process sent no header");
      }
      try {
        framesPerSecond = process.in.readDouble();
      } catch (IOException e) {
        throw lost();
      }
    }

    KeyFrameIndex awaitIndex() throws IOException {
      if (answer() != Message.SCANNED) {
        throw new IllegalStateException(name + ": the decoder process sent no index");
      }
      try {
        long[] timestamps = new long[process.in.readInt()];
        boolean[] keys = new boolean[timestamps.length];
        for (int i = 0; i < timestamps.length; i++) {
          timestamps[i] = process.in.readLong();
        }
        for (int i = 0; i < keys.length; i++) {
          keys[i] = process.in.readBoolean();
        }
        finished = true;
        return new KeyFrameIndex(timestamps, keys);
      } catch (IOException e) {
        throw lost();
      }
    }

    /** Serves files until the process says something else. */
    private Message answer() throws IOException {
      process.watch.resume();
      try {
        while (true) {
          int code = process.in.read();
          if (code < 0) {
            throw new EOFException();
          }
          Message message = Message.of(code);
          switch (message) {
            case OPEN -> server.answerOpen(process.in, process.out);
            case READ -> server.answerRead(process.in, process.out);
            case FAILURE -> throw failure();
            default -> {
              return message;
            }
          }
          process.watch.progress();
        }
      } catch (VideoDecodeException e) {
        throw e;
      } catch (IOException e) {
        throw lost();
      } finally {
        process.watch.pause();
      }
    }

    private VideoDecodeException failure() throws IOException {
      Reason reason = Reason.valueOf(process.in.readUTF());
      String message = process.in.readUTF();
      damaged = process.in.readInt();
      finished = true;
      return new VideoDecodeException(reason, message);
    }

    private DecoderDiedException lost() {
      DecoderDiedException died = process.died(name);
      DecoderProcess.this.close();
      finished = true;
      return died;
    }

    @Override
    public double framesPerSecond() {
      return framesPerSecond;
    }

    @Override
    public Optional<VideoFrame> next() throws IOException {
      if (finished) {
        return Optional.empty();
      }
      Message message = answer();
      try {
        if (message == Message.END) {
          damaged = process.in.readInt();
          finished = true;
          return Optional.empty();
        }
        Duration timestamp = Duration.ofNanos(process.in.readLong());
        int width = process.in.readInt();
        int height = process.in.readInt();
        byte[] pixels = new byte[3 * width * height];
        process.in.readFully(pixels);
        return Optional.of(
            new VideoFrame(first + decoded++, timestamp, new RgbImage(width, height, pixels)));
      } catch (IOException e) {
        throw lost();
      }
    }

    @Override
    public int decoded() {
      return decoded;
    }

    @Override
    public int damaged() {
      return damaged;
    }

    /** Ends the process if it has not said all: what it still sends is of no use. */
    @Override
    public void close() throws IOException {
      if (!finished) {
        finished = true;
        DecoderProcess.this.close();
      }
      server.close();
    }
  }
}
