package org.latte4j.data.decoder;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.latte4j.data.decoder.DecoderProcess.DecodedVideo;
import org.latte4j.data.video.KeyFrameIndex;
import org.latte4j.data.video.RgbImage;
import org.latte4j.data.video.VideoDecodeException;
import org.latte4j.data.video.VideoDecodeException.Reason;
import org.latte4j.data.video.VideoFrame;

/**
 * What is said about one video: the request, the files' bytes, the frames.
 *
 * <p>Not thread-safe.
 */
final class Conversation implements DecodedVideo {
  private final RunningDecoder process;
  private final FileServer server;
  private final int first;
  private final Runnable giveUp;
  private String name = "";
  private double framesPerSecond;
  private int decoded;
  private int damaged;
  private boolean finished;

  /**
   * A conversation, not begun.
   *
   * @param first index of the first frame that is asked for
   * @param giveUp ends the process, whose answers are of no more use
   */
  Conversation(RunningDecoder process, FileServer server, int first, Runnable giveUp) {
    this.process = process;
    this.server = server;
    this.first = first;
    this.giveUp = giveUp;
  }

  void ask(int task, DecodeRequest request) throws IOException {
    name =
        request.pictures() || request.files().isEmpty()
            ? "the folder"
            : request.files().get(0).name();
    process.watch().begin();
    try {
      process.out().writeByte(task);
      request.write(process.out());
      process.out().flush();
    } catch (IOException e) {
      throw lost();
    }
  }

  void awaitOpened() throws IOException {
    if (answer() != Message.OPENED) {
      throw new IllegalStateException(name + ": the decoder process sent no header");
    }
    try {
      framesPerSecond = process.in().readDouble();
    } catch (IOException e) {
      throw lost();
    }
  }

  KeyFrameIndex awaitIndex() throws IOException {
    if (answer() != Message.SCANNED) {
      throw new IllegalStateException(name + ": the decoder process sent no index");
    }
    try {
      long[] timestamps = new long[process.in().readInt()];
      boolean[] keys = new boolean[timestamps.length];
      for (int i = 0; i < timestamps.length; i++) {
        timestamps[i] = process.in().readLong();
      }
      for (int i = 0; i < keys.length; i++) {
        keys[i] = process.in().readBoolean();
      }
      finished = true;
      return new KeyFrameIndex(timestamps, keys);
    } catch (IOException e) {
      throw lost();
    }
  }

  /** Serves files until the process says something else. */
  private Message answer() throws IOException {
    process.watch().resume();
    try {
      while (true) {
        int code = process.in().read();
        if (code < 0) {
          throw new EOFException();
        }
        Message message = Message.of(code);
        switch (message) {
          case OPEN -> server.answerOpen(process.in(), process.out());
          case READ -> server.answerRead(process.in(), process.out());
          case FAILURE -> throw failure();
          default -> {
            return message;
          }
        }
        process.watch().progress();
      }
    } catch (VideoDecodeException e) {
      throw e;
    } catch (IOException e) {
      throw lost();
    } finally {
      process.watch().pause();
    }
  }

  private VideoDecodeException failure() throws IOException {
    Reason reason = Reason.valueOf(process.in().readUTF());
    String message = process.in().readUTF();
    damaged = process.in().readInt();
    finished = true;
    return new VideoDecodeException(reason, message);
  }

  private DecoderDiedException lost() {
    DecoderDiedException died = process.died(name);
    giveUp.run();
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
    process.watch().resume();
    try {
      if (message == Message.END) {
        damaged = process.in().readInt();
        finished = true;
        return Optional.empty();
      }
      Duration timestamp = Duration.ofNanos(process.in().readLong());
      int width = process.in().readInt();
      int height = process.in().readInt();
      byte[] pixels = new byte[3 * width * height];
      process.in().readFully(pixels);
      return Optional.of(
          new VideoFrame(first + decoded++, timestamp, new RgbImage(width, height, pixels)));
    } catch (IOException e) {
      throw lost();
    } finally {
      process.watch().pause();
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
      giveUp.run();
    }
    server.close();
  }
}
