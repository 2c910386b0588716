package org.latte4j.data.shard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * A stream for Parquet to write a file to, with its footer put in order and its SHA-256 taken on
 * the way.
 */
public final class DigestedOutput implements OutputFile {
  private final OutputStream stream;
  private final String path;
  private final MessageDigest digest = sha256();
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private boolean holding;
  private long length;

  /**
   * A stream to a file.
   *
   * @param stream of a new file
   * @param path the file's, for messages
   */
  public DigestedOutput(OutputStream stream, String path) {
    this.stream = stream;
    this.path = path;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static String hexadecimal(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Keeps what is written from here on: the end of the file, with its footer. */
  public void holdBack() {
    holding = true;
  }

  /** Writes what was held back, the footer in order. */
  public void release() throws IOException {
    holding = false;
    byte[] end = CanonicalFooter.of(held.toByteArray());
    emit(end, 0, end.length);
  }

  private void emit(byte[] bytes, int from, int count) throws IOException {
    stream.write(bytes, from, count);
    digest.update(bytes, from, count);
    length += count;
  }

  /** Bytes written so far; the file's length once it is closed. */
  public long length() {
    return length;
  }

  /** In hexadecimal; to be taken once, after the file is closed. */
  public String takeSha256() {
    return hexadecimal(digest);
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) {
    return new Stream();
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) {
    return new Stream();
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }

  @Override
  public String getPath() {
    return path;
  }

  private final class Stream extends PositionOutputStream {
    @Override
    public long getPos() {
      return length + held.size();
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      if (holding) {
        held.write(bytes, from, count);
      } else {
        emit(bytes, from, count);
      }
    }

    @Override
    public void flush() throws IOException {
      stream.flush();
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
