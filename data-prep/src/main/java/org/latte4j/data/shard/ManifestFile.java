package org.latte4j.data.shard;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserSequence;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
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

  private static final String FORMAT_FIELD = "format";
  private static final String VERSION_FIELD = "version";
  private static final String TEXT_FIELD = "text";
  private static final String FORMAT = "latte4j-latents";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .serializationInclusion(JsonInclude.Include.ALWAYS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
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
    FileSystem fileSystem = path.getFileSystem(hadoop);
    try {
      boolean hasText = checkHead(fileSystem, path);
      // As a stream: files of millions of videos are put into their compact form one by one.
      try (InputStream in = fileSystem.open(path);
          JsonParser parser = MAPPER.createParser(in)) {
        return MAPPER.readValue(hasText ? parser : withoutText(parser), Manifest.class);
      }
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
    } catch (IllegalArgumentException e) {
      throw damaged(path, e.getMessage(), e);
    }
  }

  /** A manifest that lacks an entry on text embeddings, with the entry that says so. */
  private static JsonParser withoutText(JsonParser parser) throws IOException {
    TokenBuffer begin = new TokenBuffer(MAPPER, false);
    begin.writeStartObject();
    begin.writeFieldName(TEXT_FIELD);
    MAPPER.writeValue(begin, TextEncoding.NONE);
    parser.nextToken(); // the object's start, in place of which that one comes
    return JsonParserSequence.createFlattened(false, begin.asParser(), parser);
  }

  /**
   * Refuses what is no manifest or too new.
   *
   * @return whether there is an entry on text embeddings, which follows format and version
   */
  private static boolean checkHead(FileSystem fileSystem, Path path) throws IOException {
    String format = "";
    int version = 0;
    boolean hasText = false;
    try (InputStream in = fileSystem.open(path);
        JsonParser parser = MAPPER.createParser(in)) {
      boolean object = parser.nextToken() == JsonToken.START_OBJECT;
      String field = object ? parser.nextFieldName() : null;
      while (field != null && (format.isEmpty() || version == 0 || field.equals(TEXT_FIELD))) {
        JsonToken value = parser.nextToken();
        hasText |= field.equals(TEXT_FIELD);
        if (field.equals(FORMAT_FIELD)) {
          format = parser.getText();
        } else if (field.equals(VERSION_FIELD) && value == JsonToken.VALUE_NUMBER_INT) {
          version = parser.getIntValue();
        } else {
          parser.skipChildren();
        }
        field = parser.nextFieldName();
      }
    }
    if (!FORMAT.equals(format)) {
      throw new ShardFormatException(
          path + " is not a manifest of latent shards: it lacks \"format\": \"" + FORMAT + "\"");
    }
    if (version < 1 || version > VERSION) {
      throw new ShardFormatException(
          "%s has version %d, and this program reads 1 to %d: use a newer Latte4J, or encode again"
              .formatted(path, version, VERSION));
    }
    return hasText;
  }

  /** Writes the manifest, which appears whole: the last act of encoding. */
  public static void write(Manifest manifest, Path folder, Configuration hadoop)
      throws IOException {
    FileSystem fileSystem = folder.getFileSystem(hadoop);
    Path temporary = new Path(folder, ".writing-" + NAME);
    WholeFile.write(
        fileSystem,
        new Path(folder, NAME),
        temporary,
        out -> write(manifest, manifest.files(), manifest.rejected(), out));
  }

  /**
   * Writes a manifest as JSON, element by element: that of millions of videos has gigabytes.
   *
   * @param files in place of the manifest's
   * @param rejected in place of the manifest's
   * @param out stays open
   */
  static void write(
      Manifest manifest, List<ShardFile> files, List<RejectedVideo> rejected, OutputStream out)
      throws IOException {
    try (JsonGenerator json =
        MAPPER
            .writerWithDefaultPrettyPrinter()
            .without(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField(FORMAT_FIELD, FORMAT);
      json.writeNumberField(VERSION_FIELD, VERSION);
      if (manifest.text().present()) {
        json.writePOJOField(TEXT_FIELD, manifest.text());
      }
      json.writeObjectFieldStart("totals");
      json.writeNumberField("videos", manifest.videos());
      json.writeNumberField("rows", manifest.rows());
      json.writeNumberField("frames", manifest.frames());
      json.writeNumberField("bytes", manifest.bytes());
      json.writeNumberField("rejected", manifest.rejected().size());
      json.writeEndObject();
      json.writePOJOField("encoding", manifest.encoding());
      json.writePOJOField("segmentation", manifest.segmentation());
      json.writePOJOField("settings", manifest.settings());
      json.writePOJOField("classes", manifest.classes());
      json.writePOJOField("channel-ranges", manifest.channelRanges());
      json.writeArrayFieldStart("files");
      for (ShardFile file : files) {
        json.writePOJO(file);
      }
      json.writeEndArray();
      json.writePOJOField("rejected", rejected);
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private static ShardFormatException damaged(Path path, String what, Exception cause) {
    return new ShardFormatException(
        path + " is damaged (" + what + "): copy it again or encode the data set again", cause);
  }
}
