package org.latte4j.model.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Safetensors files put together by hand, so that they can be wrong. */
final class SafetensorsBytes {
  private SafetensorsBytes() {}

  static byte[] of(String header, byte[] values) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return of(text.length, text, values);
  }

  static byte[] of(long headerLength, byte[] header, byte[] values) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(headerLength)
            .array());
    file.writeBytes(header);
    file.writeBytes(values);
    return file.toByteArray();
  }

  static Path write(Path folder, byte[] file) throws IOException {
    return Files.write(folder.resolve("test.safetensors"), file);
  }
}
