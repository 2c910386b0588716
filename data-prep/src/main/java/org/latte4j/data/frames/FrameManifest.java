package org.latte4j.data.frames;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.shard.RejectedVideo;
import org.latte4j.data.shard.ShardFormatException;
import org.latte4j.data.storage.WholeFile;

/**
 * What a folder of frames holds: {@code _manifest.json}, written last.
 *
 * @param size S: side of the images in pixels
 * @param settings that decide which frames there are, by key
 * @param files in their order
 */
public record FrameManifest(int size, SortedMap<String, String> settings, List<FrameFile> files) {
  private static final String NAME = "_manifest.json";
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  /** Copies the collections. */
  public FrameManifest {
    settings = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    files = List.copyOf(files);
  }

  /** With settings in any order. */
  public static FrameManifest of(int size, Map<String, String> settings, List<FrameFile> files) {
    return new FrameManifest(size, new TreeMap<>(settings), files);
  }

  /**
   * Reads the manifest of a folder; empty if there is none, which is to say no whole data set.
   *
   * @throws ShardFormatException if it is damaged
   */
  public static Optional<FrameManifest> read(Path folder, Configuration hadoop) throws IOException {
    Path path = new Path(folder, NAME);
    try (InputStream in = path.getFileSystem(hadoop).open(path)) {
      return Optional.of(MAPPER.readValue(in.readAllBytes(), FrameManifest.class));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw new ShardFormatException(
          "%s is damaged (%s): remove the folder, and it is made again"
              .formatted(path, e.getOriginalMessage()),
          e);
    }
  }

  /** Writes the manifest, which appears whole. */
  public void write(Path folder, Configuration hadoop) throws IOException {
    FileSystem fileSystem = folder.getFileSystem(hadoop);
    byte[] json = (MAPPER.writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8);
    WholeFile.write(
        fileSystem,
        new Path(folder, NAME),
        new Path(folder, ".writing-" + NAME),
        out -> out.write(json));
  }

  /** Frames in all files. */
  public long frames() {
    return files.stream().mapToLong(FrameFile::frames).sum();
  }

  /** Videos that were left out, with reasons. */
  public List<RejectedVideo> rejected() {
    return files.stream().flatMap(file -> file.rejected().stream()).toList();
  }

  /** Identifies every frame and setting: {@code sha256:} and a digest in hexadecimal. */
  public String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(settings.toString().getBytes(StandardCharsets.UTF_8));
      for (FrameFile file : files) {
        digest.update(file.sha256().getBytes(StandardCharsets.UTF_8));
      }
      return "sha256:" + HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
