package org.latte4j.model.weights;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A checkpoint that {@code torch.save} wrote, PyTorch 1.6 or newer: a zip archive with a pickle
 * that describes the tensors and one entry for each storage.
 *
 * <p>It holds either the reference's {@code {"model": state_dict, "ema": state_dict}} or a bare
 * state dictionary. Entries that are no tensors are left out. Nothing of the pickle is executed
 * ({@link TorchPickle}). A storage that is read whole is compared with its checksum.
 */
public final class TorchCheckpoint implements WeightSource {
  private static final String PICKLE = "data.pkl";
  private static final int LARGEST_PICKLE = 1 << 28;

  private final String description;
  private final ZipFile archive;
  private final String root;
  private final ByteOrder order;
  private final Map<String, TorchTensor> tensors;

  private TorchCheckpoint(
      String description,
      ZipFile archive,
      String root,
      ByteOrder order,
      Map<String, TorchTensor> tensors) {
    this.description = description;
    this.archive = archive;
    this.root = root;
    this.order = order;
    this.tensors = tensors;
  }

  /**
   * Opens a checkpoint.
   *
   * @param part which weights; a bare state dictionary counts as the model
   * @throws WeightFormatException if the file is damaged, of the old format, asks for anything but
   *     tensors, or lacks that part
   */
  public static TorchCheckpoint open(Path file, Part part) throws IOException {
    requireZip(file);
    ZipFile archive = zip(file);
    try {
      return open(archive, file.toString(), part);
    } catch (IOException | RuntimeException e) {
      try (archive) {
        throw e;
      }
    }
  }

  /**
   * The parts that a checkpoint holds; a bare state dictionary counts as the model.
   *
   * @throws WeightFormatException as {@link #open}
   */
  public static Set<Part> parts(Path file) throws IOException {
    requireZip(file);
    Set<Part> parts = EnumSet.noneOf(Part.class);
    try (ZipFile archive = zip(file)) {
      TorchPickle.Dictionary content =
          content(archive, pickle(archive, file.toString()), file.toString());
      for (Part part : Part.values()) {
        if (isDictionary(content, part.key())) {
          parts.add(part);
        }
      }
    }
    return parts.isEmpty() ? EnumSet.of(Part.MODEL) : parts;
  }

  private static void requireZip(Path file) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(FileKind.HEAD_BYTES);
    }
    FileKind kind = FileKind.of(head);
    if (kind != FileKind.ZIP) {
      throw new WeightFormatException(
          file + " is not a torch checkpoint: it is " + kind.description());
    }
  }

  private static ZipFile zip(Path file) throws IOException {
    try {
      return new ZipFile(file.toFile());
    } catch (ZipException e) {
      throw new WeightFormatException(
          file
              + " is damaged or cut short: no whole zip archive ("
              + e.getMessage()
              + "); copy or download it again",
          e);
    }
  }

  private static ZipEntry pickle(ZipFile archive, String file) throws WeightFormatException {
    List<? extends ZipEntry> pickles =
        archive.stream()
            .filter(e -> e.getName().equals(PICKLE) || e.getName().endsWith("/" + PICKLE))
            .toList();
    if (pickles.size() != 1) {
      throw new WeightFormatException(
          "%s is not a torch checkpoint: the archive has %d entries %s where one is expected"
              .formatted(file, pickles.size(), PICKLE));
    }
    return pickles.get(0);
  }

  private static TorchPickle.Dictionary content(ZipFile archive, ZipEntry pickle, String file)
      throws IOException {
    if (TorchPickle.read(bytes(archive, pickle, file), file)
        instanceof TorchPickle.Dictionary dictionary) {
      return dictionary;
    }
    throw new WeightFormatException(
        file + " holds no dictionary of tensors; save model.state_dict() in it");
  }

  private static TorchCheckpoint open(ZipFile archive, String file, Part part) throws IOException {
    ZipEntry pickle = pickle(archive, file);
    String root = pickle.getName().substring(0, pickle.getName().length() - PICKLE.length());
    ByteOrder order = byteOrder(archive, root, file);
    Map<String, TorchTensor> tensors = select(content(archive, pickle, file), part, file);
    for (Map.Entry<String, TorchTensor> tensor : tensors.entrySet()) {
      checkStorage(archive, root, tensor.getKey(), tensor.getValue().storage(), file);
    }
    return new TorchCheckpoint(file + " (" + part.key() + ")", archive, root, order, tensors);
  }

  private static byte[] bytes(ZipFile archive, ZipEntry pickle, String file) throws IOException {
    if (pickle.getSize() > LARGEST_PICKLE) {
      throw new WeightFormatException(
          "%s is refused: its data.pkl has %d bytes, more than a description of tensors needs"
              .formatted(file, pickle.getSize()));
    }
    try (InputStream in = archive.getInputStream(pickle)) {
      return in.readNBytes(LARGEST_PICKLE);
    }
  }

  private static ByteOrder byteOrder(ZipFile archive, String root, String file) throws IOException {
    ZipEntry entry = archive.getEntry(root + "byteorder");
    if (entry == null) {
      return ByteOrder.LITTLE_ENDIAN;
    }
    try (InputStream in = archive.getInputStream(entry)) {
      String name = new String(in.readNBytes(16), StandardCharsets.US_ASCII);
      return switch (name) {
        case "little" -> ByteOrder.LITTLE_ENDIAN;
        case "big" -> ByteOrder.BIG_ENDIAN;
        default ->
            throw new WeightFormatException(
                file + " is damaged: its byte order is '" + name + "', not little or big");
      };
    }
  }

  private static Map<String, TorchTensor> select(
      TorchPickle.Dictionary content, Part part, String file) throws WeightFormatException {
    boolean inParts = Arrays.stream(Part.values()).anyMatch(p -> isDictionary(content, p.key()));
    if (inParts && !isDictionary(content, part.key())) {
      throw new WeightFormatException(
          "%s has no weights under '%s', only under '%s'; ask for those"
              .formatted(file, part.key(), other(part).key()));
    }
    if (!inParts && part == Part.EMA) {
      throw new WeightFormatException(
          file + " has no weights under 'ema': it is a bare state dictionary; ask for the model's");
    }
    Map<?, ?> dictionary = inParts ? (Map<?, ?>) content.get(part.key()) : content;
    Map<String, TorchTensor> tensors = new LinkedHashMap<>();
    dictionary.forEach(
        (name, value) -> {
          if (name instanceof String && value instanceof TorchTensor) {
            tensors.put((String) name, (TorchTensor) value);
          }
        });
    if (tensors.isEmpty()) {
      throw new WeightFormatException(
          "%s holds no tensors where a state dictionary belongs; its keys begin with %s"
              .formatted(file, dictionary.keySet().stream().limit(10).toList()));
    }
    return tensors;
  }

  private static boolean isDictionary(TorchPickle.Dictionary content, String key) {
    return content.get(key) instanceof TorchPickle.Dictionary;
  }

  private static Part other(Part part) {
    return part == Part.MODEL ? Part.EMA : Part.MODEL;
  }

  private static void checkStorage(
      ZipFile archive, String root, String tensor, TorchTensor.Storage storage, String file)
      throws WeightFormatException {
    ZipEntry entry = archive.getEntry(root + "data/" + storage.key());
    long expected = storage.length() * storage.type().bytes();
    if (entry == null || entry.getSize() != expected) {
      throw new WeightFormatException(
          "%s is damaged: array '%s' needs %d bytes in entry data/%s, which %s; copy or download it again"
              .formatted(
                  file,
                  tensor,
                  expected,
                  storage.key(),
                  entry == null ? "is missing" : "has " + entry.getSize()));
    }
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public List<String> names() {
    return List.copyOf(tensors.keySet());
  }

  @Override
  public boolean contains(String name) {
    return tensors.containsKey(name);
  }

  @Override
  public int[] shape(String name) {
    return tensor(name).shape();
  }

  @Override
  public ElementType type(String name) {
    return tensor(name).storage().type();
  }

  @Override
  public float[] floats(String name) throws IOException {
    return read(name, ElementReader::floats);
  }

  @Override
  public double[] doubles(String name) throws IOException {
    return read(name, ElementReader::doubles);
  }

  @Override
  public long[] longs(String name) throws IOException {
    return read(name, ElementReader::longs);
  }

  private TorchTensor tensor(String name) {
    TorchTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("there is no array '" + name + "' in " + description);
    }
    return tensor;
  }

  /** Reads all of a tensor's values as some Java array. */
  private interface Conversion<A> {
    A read(ElementReader reader, long length) throws IOException;
  }

  private <A> A read(String name, Conversion<A> conversion) throws IOException {
    TorchTensor tensor = tensor(name);
    TorchTensor.Storage storage = tensor.storage();
    String what = "array '" + name + "' in " + description;
    ZipEntry entry = archive.getEntry(root + "data/" + storage.key());
    CRC32 checksum = new CRC32();
    try (InputStream in = new CheckedInputStream(archive.getInputStream(entry), checksum)) {
      in.skipNBytes(tensor.offset() * storage.type().bytes());
      InputStream values = tensor.isContiguous() ? in : gathered(tensor, in, what);
      A array =
          conversion.read(new ElementReader(values, storage.type(), order, what), tensor.length());
      boolean readWhole = tensor.offset() == 0 && tensor.span() == storage.length();
      if (readWhole && checksum.getValue() != entry.getCrc()) {
        throw new WeightFormatException(
            what + " is damaged: its checksum is wrong; copy or download the file again");
      }
      return array;
    } catch (ZipException e) {
      throw new WeightFormatException(
          what + " is damaged (" + e.getMessage() + "); copy or download the file again", e);
    }
  }

  private static InputStream gathered(TorchTensor tensor, InputStream in, String what)
      throws IOException {
    int valueBytes = tensor.storage().type().bytes();
    if (Math.max(tensor.span(), tensor.length()) * valueBytes > Integer.MAX_VALUE - 8) {
      throw new WeightFormatException(
          what + " is a view over 2 GiB or more; save it contiguous: tensor.contiguous()");
    }
    byte[] stored = new byte[(int) tensor.span() * valueBytes];
    if (in.readNBytes(stored, 0, stored.length) < stored.length) {
      throw new WeightFormatException(what + " ends early; copy or download the file again");
    }
    return new ByteArrayInputStream(tensor.gather(stored));
  }

  @Override
  public void close() throws IOException {
    archive.close();
  }
}
