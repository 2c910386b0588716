package org.latte4j.spark.averaging;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;

/**
 * Small values in Java's serial form. What goes to the driver goes as such bytes, since a user may
 * make Kryo Spark's serialiser, which cannot write records.
 */
final class JavaBytes {
  private JavaBytes() {}

  static byte[] of(Serializable value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    return bytes.toByteArray();
  }

  @SuppressWarnings({"unchecked", "BanSerializableRead"})
  static <T extends Serializable> T read(byte[] bytes) {
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes)) {
          @Override
          protected Class<?> resolveClass(java.io.ObjectStreamClass description)
              throws IOException, ClassNotFoundException {
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            try {
              return Class.forName(description.getName(), false, loader);
            } catch (ClassNotFoundException e) {
              return super.resolveClass(description);
            }
          }
        }) {
      return (T) in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException("cannot read what an executor reported", e);
    }
  }
}
