package org.latte4j.data.decoder;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.latte4j.data.video.FrameStream;
import org.latte4j.data.video.KeyFrameIndex;
import org.latte4j.data.video.MediaInput;
import org.latte4j.data.video.PictureSequence;
import org.latte4j.data.video.PixelRows;
import org.latte4j.data.video.RgbImage;
import org.latte4j.data.video.VideoDecodeException;
import org.latte4j.data.video.VideoDecodeException.Reason;
import org.latte4j.data.video.VideoDecoder;
import org.latte4j.data.video.VideoFrame;

/**
 * The decoder process: takes {@link DecodeRequest}s over standard input until it ends, and answers
 * with {@link Message}s over standard output. Started by {@link DecoderProcess}.
 */
public final class DecoderMain {
  static final int DECODE = 1;
  static final int SCAN = 2;
  private static final int BUFFER_BYTES = 1 << 17;

  private final DataInputStream in;
  private final DataOutputStream out;

  private DecoderMain(DataInputStream in, DataOutputStream out) {
    this.in = in;
    this.out = out;
  }

  /** Serves until standard input ends or the starting process is gone. */
  public static void main(String[] args) throws IOException {
    DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(new FileInputStream(FileDescriptor.in), BUFFER_BYTES));
    DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES));
    System.setOut(System.err); // whatever else prints must not get between the messages
    endWithParent();
    new DecoderMain(in, out).serve();
  }

  /** A thread inside native code does not see that standard input has ended. */
  private static void endWithParent() {
    Optional<ProcessHandle> parent = ProcessHandle.current().parent();
    Thread guard =
        new Thread(
            () -> {
              while (parent.map(ProcessHandle::isAlive).orElse(false)) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
              }
              Runtime.getRuntime().halt(1);
            },
            "parent guard");
    guard.setDaemon(true);
    guard.start();
  }

  private void serve() throws IOException {
    for (int task = in.read(); task >= 0; task = in.read()) {
      DecodeRequest request = DecodeRequest.read(in);
      RemoteFiles files = new RemoteFiles(request.files(), in, out);
      if (task == SCAN) {
        scan(request, files);
      } else {
        decode(request, files);
      }
      out.flush();
    }
  }

  private void decode(DecodeRequest request, RemoteFiles files) throws IOException {
    int damaged = 0;
    try (FrameStream stream = open(request, files)) {
      out.writeByte(Message.OPENED.ordinal());
      out.writeDouble(stream.framesPerSecond());
      try {
        Function<PixelRows, RgbImage> transform = request.transform().forFrames();
        Optional<VideoFrame> frame = stream.next(transform);
        while (frame.isPresent()) {
          send(frame.get());
          frame = stream.next(transform);
        }
      } finally {
        damaged = stream.damaged();
      }
      out.writeByte(Message.END.ordinal());
      out.writeInt(damaged);
    } catch (VideoDecodeException e) {
      fail(e, damaged);
    }
  }

  private static FrameStream open(DecodeRequest request, RemoteFiles files)
      throws VideoDecodeException {
    if (request.pictures()) {
      return new PictureSequence(files.pictures(), request.limits()).range(request.range());
    }
    return VideoDecoder.open(openFile(request, files), request.limits(), request.range());
  }

  private static MediaInput openFile(DecodeRequest request, RemoteFiles files)
      throws VideoDecodeException {
    try {
      return files.open(0);
    } catch (IOException e) {
      throw new VideoDecodeException(
          Reason.UNREADABLE,
          request.files().get(0).name() + ": cannot be opened: " + e.getMessage(),
          e);
    }
  }

  private void send(VideoFrame frame) throws IOException {
    RgbImage image = frame.image();
    out.writeByte(Message.FRAME.ordinal());
    out.writeLong(frame.timestamp().toNanos());
    out.writeInt(image.width());
    out.writeInt(image.height());
    out.write(image.pixels());
  }

  private void fail(VideoDecodeException e, int damaged) throws IOException {
    out.writeByte(Message.FAILURE.ordinal());
    out.writeUTF(e.reason().name());
    out.writeUTF(e.getMessage());
    out.writeInt(damaged);
  }

  private void scan(DecodeRequest request, RemoteFiles files) throws IOException {
    try {
      KeyFrameIndex index = KeyFrameIndex.read(openFile(request, files), request.limits());
      out.writeByte(Message.SCANNED.ordinal());
      out.writeInt(index.frames());
      for (int i = 0; i < index.frames(); i++) {
        out.writeLong(index.timestamp(i));
      }
      for (int i = 0; i < index.frames(); i++) {
        out.writeBoolean(index.keyFrame(i));
      }
    } catch (VideoDecodeException e) {
      fail(e, 0);
    }
  }
}
