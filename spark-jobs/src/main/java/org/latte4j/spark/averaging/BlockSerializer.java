package org.latte4j.spark.averaging;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.spark.serializer.DeserializationStream;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag;

/**
 * The form of workers' blocks in the shuffle: a header of four big-endian integers (slice, content,
 * worker, bytes), then the bytes as they are. On a general serialiser's stream the same values
 * would be copied three to four times more.
 *
 * <p>Takes {@link BlockKey} and {@link EmittedBlock}, gives {@link BlockKey} and {@link
 * FetchedBlock}.
 */
final class BlockSerializer extends Serializer implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int HEADER_BYTES = 4 * Integer.BYTES;

  @Override
  public SerializerInstance newInstance() {
    return new Instance();
  }

  private static final class Instance extends SerializerInstance {
    @Override
    public SerializationStream serializeStream(OutputStream out) {
      return new Writer(out);
    }

    @Override
    public DeserializationStream deserializeStream(InputStream in) {
      return new Reader(in);
    }

    @Override
    public <T> ByteBuffer serialize(T value, ClassTag<T> tag) {
      throw onlyStreams();
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassTag<T> tag) {
      throw onlyStreams();
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassLoader loader, ClassTag<T> tag) {
      throw onlyStreams();
    }
  }

  private static final class Writer extends SerializationStream {
    private final OutputStream out;
    private BlockKey key;

    Writer(OutputStream out) {
      this.out = out;
    }

    @Override
    public <T> SerializationStream writeKey(T value, ClassTag<T> tag) {
      key = (BlockKey) value;
      return this;
    }

    @Override
    public <T> SerializationStream writeValue(T value, ClassTag<T> tag) {
      EmittedBlock block = (EmittedBlock) value;
      ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
      key.writeTo(header);
      header.putInt(block.bytes());
      try {
        out.write(header.array());
        block.writeTo(out);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write %s to the shuffle".formatted(key), e);
      }
      return this;
    }

    @Override
    public <T> SerializationStream writeObject(T value, ClassTag<T> tag) {
      throw onlyStreams();
    }

    @Override
    public void flush() {
      try {
        out.flush();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write to the shuffle", e);
      }
    }

    @Override
    public void close() {
      try {
        out.close();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write to the shuffle", e);
      }
    }
  }

  private static final class Reader extends DeserializationStream {
    private final DataInputStream in;
    private FetchedBlock block;

    Reader(InputStream in) {
      this.in = new DataInputStream(in);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T readKey(ClassTag<T> tag) {
      if (block != null && block.remaining() > 0) {
        throw new IllegalStateException(
            "%d of a block's %d bytes were not read".formatted(block.remaining(), block.bytes()));
      }
      try {
        return (T) BlockKey.readFrom(in);
      } catch (IOException e) {
        throw sneaky(e);
      }
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T readValue(ClassTag<T> tag) {
      try {
        block = new FetchedBlock(in, in.readInt());
        return (T) block;
      } catch (IOException e) {
        throw sneaky(e);
      }
    }

    @Override
    public <T> T readObject(ClassTag<T> tag) {
      throw onlyStreams();
    }

    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot close a shuffle block", e);
      }
    }

    /** Spark takes an {@link EOFException} as the stream's end, and its methods declare none. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable e) throws E {
      throw (E) e;
    }
  }

  private static UnsupportedOperationException onlyStreams() {
    return new UnsupportedOperationException("blocks are written as keys and values of a stream");
  }
}
