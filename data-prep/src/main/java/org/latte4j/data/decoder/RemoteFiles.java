package org.latte4j.data.decoder;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.latte4j.data.video.MediaInput;
import org.latte4j.data.video.PictureSequence;

/** In the decoder process: the files of a request, whose bytes the other process reads. */
final class RemoteFiles {
  private final List<DecodeRequest.File> files;
  private final DataInputStream in;
  private final DataOutputStream out;

  RemoteFiles(List<DecodeRequest.File> files, DataInputStream in, DataOutputStream out) {
    this.files = files;
    this.in = in;
    this.out = out;
  }

  /** All of them, as pictures. */
  List<PictureSequence.Picture> pictures() {
    return IntStream.range(0, files.size()).mapToObj(this::picture).toList();
  }

  private PictureSequence.Picture picture(int index) {
    return new PictureSequence.Picture() {
      @Override
      public String name() {
        return files.get(index).name();
      }

      @Override
      public MediaInput open() throws IOException {
        return RemoteFiles.this.open(index);
      }
    };
  }

  MediaInput open(int index) throws IOException {
    out.writeByte(Message.OPEN.ordinal());
    out.writeInt(index);
    out.flush();
    String error = in.readUTF();
    if (!error.isEmpty()) {
      throw new IOException(error);
    }
    return new Remote(files.get(index));
  }

  private final class Remote implements MediaInput {
    private final DecodeRequest.File file;

    Remote(DecodeRequest.File file) {
      this.file = file;
    }

    @Override
    public String name() {
      return file.name();
    }

    @Override
    public long size() {
      return file.bytes();
    }

    @Override
    public int read(long position, byte[] buffer, int offset, int length) throws IOException {
      out.writeByte(Message.READ.ordinal());
      out.writeLong(position);
      out.writeInt(length);
      out.flush();
      int count = in.readInt();
      if (count == FileServer.FAILED) {
        throw new IOException(in.readUTF());
      }
      if (count > 0) {
        in.readFully(buffer, offset, count);
      }
      return count;
    }

    @Override
    public void close() {}
  }
}
