package org.latte4j.model.weights;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One safetensors file. The header is read and checked at once, values when they are asked for.
 *
 * <p>The format: <a href="https://github.com/huggingface/safetensors">huggingface/safetensors</a>.
 * The types of 8 bits and less that the format has besides {@link ElementType} are refused.
 */
public final class SafetensorsFile implements WeightSource {
  private final String description;
  private final SeekableByteChannel channel;
  private final SafetensorsHeader header;

  private SafetensorsFile(
      String description, SeekableByteChannel channel, SafetensorsHeader header) {
    this.description = description;
    this.channel = channel;
    this.header = header;
  }

  /**
   * Opens a file.
   *
   * @throws WeightFormatException if it is damaged, cut short or not a safetensors file
   */
  public static SafetensorsFile open(Path file) throws IOException {
    return open(Files.newByteChannel(file), file.toString());
  }

  /**
   * Reads from a channel, for example one of a remote file system. The channel now belongs to the
   * result; it is closed even if this fails.
   *
   * @param description names the file in messages: a path or a URI
   * @throws WeightFormatException if the content is damaged, cut short or not of this format
   */
  public static SafetensorsFile open(SeekableByteChannel channel, String description)
      throws IOException {
    try {
      return open(channel, description, SafetensorsHeader.read(channel, description));
    } catch (IOException | RuntimeException e) {
      try (channel) {
        throw e;
      }
    }
  }

  /** As above, with a header that was read before. */
  static SafetensorsFile open(
      SeekableByteChannel channel, String description, SafetensorsHeader header) {
    return new SafetensorsFile(description, channel, header);
  }

  /** The file's own remarks, as pairs of strings; empty if it has none. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public List<String> names() {
    return List.copyOf(header.entries().keySet());
  }

  @Override
  public boolean contains(String name) {
    return header.entries().containsKey(name);
  }

  @Override
  public int[] shape(String name) {
    return header.entry(name).shape();
  }

  @Override
  public ElementType type(String name) {
    return header.entry(name).type();
  }

  @Override
  public float[] floats(String name) throws IOException {
    return reader(name).floats(header.entry(name).length());
  }

  @Override
  public double[] doubles(String name) throws IOException {
    return reader(name).doubles(header.entry(name).length());
  }

  @Override
  public long[] longs(String name) throws IOException {
    return reader(name).longs(header.entry(name).length());
  }

  private ElementReader reader(String name) throws IOException {
    SafetensorsHeader.Entry entry = header.entry(name);
    channel.position(entry.begin());
    return new ElementReader(
        Channels.newInputStream(channel),
        entry.type(),
        ByteOrder.LITTLE_ENDIAN,
        "array '" + name + "' in " + description);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
