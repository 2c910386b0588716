package org.latte4j.data.decoder;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.latte4j.data.source.SourceFile;
import org.latte4j.data.video.MediaInput;

/**
 * Gives the decoder process the bytes that it asks for. One file is open at a time.
 *
 * <p>Answers to a read: a count of bytes and the bytes; -1 at the end; -2 and a message (UTF) if
 * reading failed.
 */
final class FileServer implements Closeable {
  static final int AT_END = -1;
  static final int FAILED = -2;
  private static final int LARGEST_READ = 1 << 20;

  private final List<SourceFile> files;
  private final Configuration hadoop;
  private final byte[] buffer = new byte[1 << 16];
  private Optional<MediaInput> open = Optional.empty();

  FileServer(List<SourceFile> files, Configuration hadoop) {
    this.files = files;
    this.hadoop = hadoop;
  }

  void answerOpen(DataInputStream question, DataOutputStream answer) throws IOException {
    SourceFile file = files.get(question.readInt());
    String error = "";
    try {
      close();
      open = Optional.of(file.open(hadoop));
    } catch (IOException | RuntimeException e) {
      error = describe(e);
    }
    answer.writeUTF(error);
    answer.flush();
  }

  void answerRead(DataInputStream question, DataOutputStream answer) throws IOException {
    long position = question.readLong();
    int length = Math.min(Math.min(question.readInt(), LARGEST_READ), buffer.length);
    int count;
    try {
      count = open.orElseThrow().read(position, buffer, 0, length);
    } catch (IOException | RuntimeException e) {
      answer.writeInt(FAILED);
      answer.writeUTF(describe(e));
      answer.flush();
      return;
    }
    answer.writeInt(count);
    if (count > 0) {
      answer.write(buffer, 0, count);
    }
    answer.flush();
  }

  @Override
  public void close() throws IOException {
    if (open.isPresent()) {
      MediaInput input = open.get();
      open = Optional.empty();
      input.close();
    }
  }

  private static String describe(Exception e) {
    String text = e.getClass().getSimpleName() + ": " + e.getMessage();
    return text.length() < 1000 ? text : text.substring(0, 1000);
  }
}
