package org.latte4j.spark.averaging;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

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
  private static final int PIECE = 1 << 18;

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
    if (view == null) {
      out.writeInt(bytes.length);
      out.write(bytes);
    } else {
      view.write(out);
    }
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    bytes = new byte[in.readInt()];
    in.readFully(bytes);
  }

  private record View(Replica replica, StateVector vector, Slice slice) implements Serializable {
    void write(ObjectOutput out) throws IOException {
      out.writeInt(slice.bytes());
      byte[] piece = new byte[Math.min(PIECE, slice.length()) * Float.BYTES];
      FloatBuffer floats = ByteBuffer.wrap(piece).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      for (int done = 0; done < slice.length(); done += floats.limit()) {
        floats.clear().limit(Math.min(floats.capacity(), slice.length() - done));
        replica.store(vector, slice.offset() + done, floats.duplicate());
        out.write(piece, 0, floats.limit() * Float.BYTES);
      }
    }
  }
}
