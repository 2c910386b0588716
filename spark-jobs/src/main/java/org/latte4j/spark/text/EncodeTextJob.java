package org.latte4j.spark.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.encode.EncodeJson;
import org.latte4j.data.source.Caption;
import org.latte4j.data.source.CaptionList;
import org.latte4j.data.storage.WholeFile;
import org.latte4j.data.text.InvalidTextEncoderException;
import org.latte4j.data.text.TextEncoderSettings;
import org.latte4j.data.text.TextSet;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.EnvironmentException;
import org.latte4j.spark.encode.ExecutorMap;
import org.latte4j.spark.text.EncodeTextTask.Captions;
import org.latte4j.spark.text.EncodeTextTask.Encoded;

/**
 * Encodes captions into a folder of text embeddings, a task a file. Files follow from the captions
 * and the settings alone. A finished job that is run again does nothing.
 *
 * <p>Spark sends tokenizer and encoder to the executors. For one use, by one thread.
 */
public final class EncodeTextJob {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JavaSparkContext spark;
  private final Configuration hadoop;
  private final Settings given;
  private final TextEncoderSettings settings;
  private final TextEncoderFiles encoderFiles;
  private final Path input;
  private final Path output;

  /**
   * A job, not started.
   *
   * @param settings {@code encode-text.*} is read
   * @param input captions, see {@link CaptionList}
   * @param output folder for the embeddings, on any Hadoop file system
   */
  public EncodeTextJob(
      JavaSparkContext spark,
      Settings settings,
      TextEncoderFiles encoderFiles,
      String input,
      String output) {
    this.spark = spark;
    this.hadoop = spark.hadoopConfiguration();
    this.given = settings;
    this.settings = TextEncoderSettings.from(settings);
    this.encoderFiles = encoderFiles;
    this.input = new Path(input);
    this.output = new Path(output);
  }

  /**
   * What the job came to.
   *
   * @param folder of the embeddings
   * @param doneBefore whether there was nothing left to do
   */
  public record Result(String folder, boolean doneBefore, TextSet texts) {}

  /**
   * Encodes all captions.
   *
   * @throws SettingsException if the folder holds embeddings of other captions, or made otherwise
   * @throws InvalidTextEncoderException if tokenizer and encoder do not do what is asked of them
   * @throws EnvironmentException if the libraries that run them are not on the class path
   */
  public Result execute() throws IOException {
    requireLibraries();
    FileSystem files = output.getFileSystem(hadoop);
    Path folder = files.makeQualified(output);
    List<Caption> captions = CaptionList.read(input, hadoop);
    Map<String, String> recipe = recipe();
    Path record = new Path(folder, TextSet.FILE);
    if (files.exists(record)) {
      return new Result(folder.toString(), true, finished(files, record, recipe));
    }
    files.mkdirs(folder);
    encoderFiles.all().forEach(file -> spark.addFile(file));
    List<Captions> work = divide(captions);
    List<Encoded> encoded =
        new ExecutorMap(spark)
            .apply(
                "encode texts",
                work,
                new EncodeTextTask(
                    folder.toString(),
                    TextEncoderFiles.name(encoderFiles.tokenizer()),
                    TextEncoderFiles.name(encoderFiles.encoder()),
                    settings,
                    new SerializableConfiguration(hadoop)),
                Encoded.class);
    for (Encoded file : encoded) {
      if (!file.failure().isEmpty()) {
        throw new InvalidTextEncoderException(file.failure());
      }
    }
    TextSet texts =
        new TextSet(
            recipe,
            captions.size(),
            (int) captions.stream().filter(caption -> caption.text().isEmpty()).count(),
            encoded.stream().mapToInt(Encoded::cut).sum(),
            encoded.get(0).width(),
            encoded.stream().map(Encoded::file).toList());
    write(files, new Path(folder, TextSet.LIST), out -> list(work, out));
    write(
        files, record, out -> out.write(EncodeJson.write(texts).getBytes(StandardCharsets.UTF_8)));
    return new Result(folder.toString(), false, texts);
  }

  private static void requireLibraries() {
    try {
      Class.forName("ai.onnxruntime.OrtSession", false, EncodeTextJob.class.getClassLoader());
      Class.forName(
          "ai.djl.huggingface.tokenizers.HuggingFaceTokenizer",
          false,
          EncodeTextJob.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new EnvironmentException(
          "ONNX Runtime and DJL's tokenizers are not on the class path: bin/latte encode-text and"
              + " bin/latte-submit encode-text add them (they lie in the folder text of a"
              + " distribution)",
          e);
    }
  }

  private static TextSet finished(FileSystem files, Path record, Map<String, String> recipe)
      throws IOException {
    TextSet before;
    try (InputStream in = files.open(record)) {
      before =
          EncodeJson.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), TextSet.class);
    }
    Set<String> different = new HashSet<>(recipe.keySet());
    different.removeIf(key -> recipe.get(key).equals(before.recipe().get(key)));
    if (!different.isEmpty()) {
      throw new SettingsException(
          "--output %s holds text embeddings that were made otherwise (other %s): name another folder, or remove this one"
              .formatted(
                  record.getParent(), String.join(", ", different.stream().sorted().toList())));
    }
    return before;
  }

  /** What the embeddings follow from. */
  private Map<String, String> recipe() throws IOException {
    Map<String, String> recipe = new TreeMap<>();
    given
        .section("encode-text")
        .forEach((key, value) -> recipe.put("encode-text." + key, value.toString()));
    recipe.remove("encode-text.threads");
    recipe.put("captions", digest(input));
    recipe.put("tokenizer", digest(new Path(encoderFiles.tokenizer())));
    recipe.put("encoder", digest(new Path(encoderFiles.encoder())));
    for (String data : encoderFiles.encoderData()) {
      recipe.put("encoder data " + TextEncoderFiles.name(data), digest(new Path(data)));
    }
    return recipe;
  }

  private String digest(Path file) throws IOException {
    try (InputStream in = file.getFileSystem(hadoop).open(file);
        DigestInputStream digested =
            new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
      digested.transferTo(OutputStream.nullOutputStream());
      return "sha256:" + HexFormat.of().formatHex(digested.getMessageDigest().digest());
    } catch (FileNotFoundException e) {
      throw new FileNotFoundException(file + ": there is no such file");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private List<Captions> divide(List<Caption> captions) {
    List<Captions> work = new ArrayList<>();
    int size = settings.textsPerFile();
    int count = (captions.size() + size - 1) / size;
    for (int i = 0; i < count; i++) {
      work.add(
          new Captions(
              "texts-%05d-of-%05d.safetensors".formatted(i, count),
              List.copyOf(captions.subList(i * size, Math.min(captions.size(), (i + 1) * size)))));
    }
    return work;
  }

  private static void list(List<Captions> work, OutputStream out) throws IOException {
    for (Captions file : work) {
      for (Caption caption : file.captions()) {
        ObjectNode row = JSON.createObjectNode();
        row.put("path", caption.id()).put("file", file.file()).put("key", caption.id());
        out.write((JSON.writeValueAsString(row) + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static void write(FileSystem files, Path target, WholeFile.Content content)
      throws IOException {
    Path unfinished = new Path(target.getParent(), "_" + target.getName() + ".unfinished");
    try {
      WholeFile.write(files, target, unfinished, content);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
