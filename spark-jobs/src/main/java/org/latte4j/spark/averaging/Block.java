package org.latte4j.spark.averaging;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The values of one slice of one vector as little-endian floats, or the bytes of a worker's
 * metrics.
 *
 * <p>A worker's outgoing block is a view on its replica: the values are copied out piece by piece
 * while Spark writes the block to a shuffle file. Holding byte arrays instead would cost a second
 * copy of the whole state, since Java's object stream keeps a hold on what it has written.
 */
public final class Block implements Externalizable {
  private static final long serialVersionUID = 1L;

  /**
   * Values travel as arrays of this many bytes. Written as such and unshared, an object stream
   * copies an array in one go and forgets it; as data of an externalizable object it would be cut
   * into blocks of 1 KB.
   */
  private static final int PIECE_BYTES = 1 << 20;

  private byte[] bytes;
  private transient View view;

  /** For deserialisation. */
  public Block() {}

  private Block(byte[] bytes, View view) {
    this.bytes = bytes;
    this.view = view;
  }

  static Block of(byte[] bytes) {
    return new Block(bytes, null);
  }

  /** All zeros. */
  static Block zeros(Slice slice) {
    return new Block(new byte[slice.bytes()], null);
  }

  /** A view on a replica that must stay as it is until the block has been written. */
  static Block of(Replica replica, StateVector vector, Slice slice) {
    return new Block(null, new View(replica, vector, slice));
  }

  byte[] bytes() {
    return bytes;
  }

  /** The values, sharing this block's storage. */
  FloatBuffer floats() {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    ObjectOutputStream stream = (ObjectOutputStream) out;
    if (view != null) {
      view.write(stream);
      return;
    }
    stream.writeInt(bytes.length);
    for (int from = 0; from < bytes.length; from += PIECE_BYTES) {
      int to = Math.min(bytes.length, from + PIECE_BYTES);
      stream.writeUnshared(Arrays.copyOfRange(bytes, from, to));
    }
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException, ClassNotFoundException {
    ObjectInputStream stream = (ObjectInputStream) in;
    bytes = new byte[stream.readInt()];
    for (int from = 0; from < bytes.length; from += PIECE_BYTES) {
      byte[] piece = (byte[]) stream.readUnshared();
      System.arraycopy(piece, 0, bytes, from, piece.length);
    }
  }

  private record View(Replica replica, StateVector vector, Slice slice) implements Serializable {
    void write(ObjectOutputStream out) throws IOException {
      out.writeInt(slice.bytes());
      int pieceFloats = PIECE_BYTES / Float.BYTES;
      for (int done = 0; done < slice.length(); done += pieceFloats) {
        int count = Math.min(pieceFloats, slice.length() - done);
        byte[] piece = new byte[count * Float.BYTES];
        FloatBuffer floats = ByteBuffer.wrap(piece).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        replica.store(vector, slice.offset() + done, floats);
        out.writeUnshared(piece);
      }
    }
  }
}
