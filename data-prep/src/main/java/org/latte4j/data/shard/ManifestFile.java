package org.latte4j.data.shard;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.storage.WholeFile;

/** Reads and writes {@code _manifest.json}, the file that makes a folder of shards whole. */
public final class ManifestFile {
  /** Its name in the folder; Spark and pyarrow pass over names that start with an underscore. */
  public static final String NAME = "_manifest.json";

  /** The version that is written. Readers take this one and older ones. */
  public static final int VERSION = 1;

  private static final String FORMAT = "latte4j-latents";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .serializationInclusion(JsonInclude.Include.ALWAYS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          // Totals are for people; later versions may add more of the kind.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private ManifestFile() {}

  /** Whether the folder holds a manifest, and so a finished data set. */
  public static boolean existsIn(Path folder, Configuration hadoop) throws IOException {
    return folder.getFileSystem(hadoop).exists(new Path(folder, NAME));
  }

  /**
   * Reads the manifest of a folder.
   *
   * @throws ShardFormatException if there is none, or it is damaged or too new
   */
  public static Manifest read(Path folder, Configuration hadoop) throws IOException {
    Path path = new Path(folder, NAME);
    JsonNode json;
    try (InputStream in = path.getFileSystem(hadoop).open(path)) {
      json = MAPPER.readTree(in);
    } catch (FileNotFoundException e) {
      throw new ShardFormatException(
          folder
              + " holds no "
              + NAME
              + ": it is no folder of latent shards, or the encode job that writes it has not"
              + " finished. Check the path, or run encode with this output folder again",
          e);
    } catch (JsonProcessingException e) {
      throw damaged(path, e.getOriginalMessage(), e);
    }
    if (!FORMAT.equals(json.path("format").asText())) {
      throw new ShardFormatException(
          path + " is not a manifest of latent shards: it lacks \"format\": \"" + FORMAT + "\"");
    }
    int version = json.path("version").asInt();
    if (version < 1 || version > VERSION) {
      throw new ShardFormatException(
          "%s has version %d, and this program reads 1 to %d: use a newer Latte4J, or encode again"
              .formatted(path, version, VERSION));
    }
    try {
      return MAPPER.treeToValue(json, Manifest.class);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw damaged(path, e.getMessage(), e);
    }
  }

  /** Writes the manifest, which appears whole: the last act of encoding. */
  public static void write(Manifest manifest, Path folder, Configuration hadoop)
      throws IOException {
    FileSystem fileSystem = folder.getFileSystem(hadoop);
    Path temporary = new Path(folder, ".writing-" + NAME);
    byte[] json = toJson(manifest).getBytes(StandardCharsets.UTF_8);
    WholeFile.write(fileSystem, new Path(folder, NAME), temporary, out -> out.write(json));
  }

  static String toJson(Manifest manifest) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("format", FORMAT);
    json.put("version", VERSION);
    ObjectNode totals = json.putObject("totals");
    totals.put("videos", manifest.videos());
    totals.put("rows", manifest.rows());
    totals.put("frames", manifest.frames());
    totals.put("bytes", manifest.bytes());
    totals.put("rejected", manifest.rejected().size());
    json.setAll((ObjectNode) MAPPER.valueToTree(manifest));
    try {
      return MAPPER.writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  private static ShardFormatException damaged(Path path, String what, Exception cause) {
    return new ShardFormatException(
        path + " is damaged (" + what + "): copy it again or encode the data set again", cause);
  }
}
