package org.latte4j.spark.text;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkFiles;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.encode.EncodeJson;
import org.latte4j.data.source.Caption;
import org.latte4j.data.storage.WholeFile;
import org.latte4j.data.text.InvalidTextEncoderException;
import org.latte4j.data.text.TextEncoderSettings;
import org.latte4j.data.text.TextFileEncoder;

/**
 * Encodes the captions of one file, on an executor: {@link Captions} in, {@link Encoded} out, both
 * as JSON.
 */
final class EncodeTextTask implements Function<String, String>, Serializable {
  private static final long serialVersionUID = 1L;

  private final String folder;
  private final String tokenizer;
  private final String encoder;
  private final TextEncoderSettings settings;
  private final SerializableConfiguration hadoop;

  /**
   * Captions that go into one file.
   *
   * @param file its name
   */
  record Captions(String file, List<Caption> captions) {}

  /**
   * What became of them.
   *
   * @param failure why not; empty if the file is written
   */
  record Encoded(String file, int texts, int cut, int width, String failure) {}

  /**
   * For files that {@code SparkContext.addFile} has sent.
   *
   * @param folder that files are written into
   */
  EncodeTextTask(
      String folder,
      String tokenizer,
      String encoder,
      TextEncoderSettings settings,
      SerializableConfiguration hadoop) {
    this.folder = folder;
    this.tokenizer = tokenizer;
    this.encoder = encoder;
    this.settings = settings;
    this.hadoop = hadoop;
  }

  @Override
  public String call(String json) {
    Captions captions = EncodeJson.read(json, Captions.class);
    try {
      return EncodeJson.write(encode(captions));
    } catch (InvalidTextEncoderException e) {
      // The same would happen in every further attempt.
      return EncodeJson.write(new Encoded(captions.file(), 0, 0, 0, e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException(captions.file() + ": " + e.getMessage(), e);
    }
  }

  private Encoded encode(Captions captions) throws IOException {
    org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(folder, captions.file());
    org.apache.hadoop.fs.Path unfinished =
        new org.apache.hadoop.fs.Path(
            folder, "_%s.%d".formatted(captions.file(), TaskContext.get().taskAttemptId()));
    FileSystem files = target.getFileSystem(hadoop.value());
    try (TextFileEncoder opened =
            TextFileEncoder.open(
                Path.of(SparkFiles.get(tokenizer)), Path.of(SparkFiles.get(encoder)), settings);
        WholeFile file = WholeFile.create(files, target, unfinished)) {
      TextFileEncoder.Content content = opened.encode(captions.captions(), file.stream());
      file.commit();
      return new Encoded(captions.file(), content.texts(), content.cut(), content.width(), "");
    }
  }
}
