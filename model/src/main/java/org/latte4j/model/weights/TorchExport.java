package org.latte4j.model.weights;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a checkpoint that {@code torch.load} reads and the reference samples from: {@code
 * {"model": state_dict, "ema": state_dict}}, or one of the two. The same weights give the same
 * bytes.
 */
public final class TorchExport {
  private static final String ROOT = "archive/";
  private static final int BUFFER_BYTES = 1 << 16;

  /** Of every entry: a checkpoint is what it holds, not when it was written. */
  private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final ZipOutputStream zip;
  private final ElementType type;

  private TorchExport(ZipOutputStream zip, ElementType type) {
    this.zip = zip;
    this.type = type;
  }

  /** One array of one part. */
  private record Tensor(WeightSource source, String name) {}

  /**
   * Writes a whole file or none; one of this name is replaced.
   *
   * @param parts weights by part, one or both; one array is in memory at a time
   * @param type F32, F16 or BF16
   * @throws WeightFormatException if a value is too large for the type, or an array takes 2 GiB
   */
  public static void write(SortedMap<Part, WeightSource> parts, ElementType type, Path file)
      throws IOException {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a checkpoint needs a part at least");
    }
    Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      try (OutputStream out = Files.newOutputStream(unfinished);
          ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(out, BUFFER_BYTES))) {
        new TorchExport(zip, type).write(parts);
      }
      Files.move(
          unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private void write(SortedMap<Part, WeightSource> parts) throws IOException {
    zip.setMethod(ZipOutputStream.STORED);
    List<Tensor> tensors = new ArrayList<>();
    entry("data.pkl", pickle(parts, tensors));
    entry("byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < tensors.size(); i++) {
      entry("data/" + i, bytes(tensors.get(i)));
    }
    entry("version", "3\n".getBytes(StandardCharsets.US_ASCII));
  }

  private byte[] pickle(Map<Part, WeightSource> parts, List<Tensor> tensors) {
    TorchPickleWriter pickle = new TorchPickleWriter();
    pickle.beginDictionary();
    parts.forEach(
        (part, source) -> {
          pickle.text(part.key());
          pickle.beginDictionary();
          for (String name : source.names()) {
            pickle.text(name);
            pickle.tensor(type, Integer.toString(tensors.size()), source.shape(name));
            tensors.add(new Tensor(source, name));
          }
          pickle.endDictionary();
        });
    pickle.endDictionary();
    return pickle.finish();
  }

  private byte[] bytes(Tensor tensor) throws IOException {
    float[] values = RoundedValues.of(tensor.source(), tensor.name(), type);
    if ((long) values.length * type.bytes() > Integer.MAX_VALUE - 8) {
      throw new WeightFormatException(
          "array '%s' in %s takes 2 GiB or more, which is not written to torch checkpoints: use safetensors"
              .formatted(tensor.name(), tensor.source().description()));
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      type.put(value, bytes);
    }
    return bytes.array();
  }

  /** PyTorch reads storages in place: they must not be compressed. */
  private void entry(String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry(ROOT + name);
    entry.setTimeLocal(ENTRY_TIME);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
