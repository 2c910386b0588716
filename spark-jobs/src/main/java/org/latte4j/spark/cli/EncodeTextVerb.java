package org.latte4j.spark.cli;

import java.io.IOException;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.data.text.TextSet;
import org.latte4j.spark.text.EncodeTextJob;
import org.latte4j.spark.text.TextEncoderFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code encode-text}: captions into text embeddings. */
@Command(
    name = "encode-text",
    description =
        "Encode captions into text embeddings, for training (source.text-embeddings) and sampling"
            + " (sample.text-embeddings). Run again, it does nothing. docs/text.md.")
final class EncodeTextVerb extends Verb {
  @Option(
      names = "--input",
      required = true,
      paramLabel = "FILE",
      description =
          "Captions: CSV or JSON lines with path and caption, or a .txt with one caption a line.")
  private String input;

  @Option(
      names = "--tokenizer",
      required = true,
      paramLabel = "FILE",
      description = "The encoder's tokenizer.json, in the format of Hugging Face's tokenizers.")
  private String tokenizer;

  @Option(
      names = "--encoder",
      required = true,
      paramLabel = "FILE",
      description =
          "A text encoder in ONNX: input_ids and perhaps attention_mask give"
              + " encode-text.encoder-output.")
  private String encoder;

  @Option(
      names = "--encoder-data",
      split = ",",
      paramLabel = "FILE",
      description = "Files that the encoder keeps weights in, if it does.")
  private List<String> encoderData = List.of();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the embeddings; both settings take it.")
  private String output;

  @Mixin private MasterOption master;

  @Override
  protected Object run(Invocation invocation) throws IOException {
    TextEncoderFiles files = new TextEncoderFiles(tokenizer, encoder, encoderData);
    try (JavaSparkContext spark =
        SparkApplication.start("encode-text", invocation.settings(), master.url)) {
      EncodeTextJob.Result result =
          new EncodeTextJob(spark, invocation.settings(), files, input, output).execute();
      TextSet texts = result.texts();
      invocation
          .out()
          .printf(
              "%s: %d texts of width %d in %d files%s; %d empty, %d with tokens left out%n",
              result.folder(),
              texts.texts(),
              texts.width(),
              texts.files().size(),
              result.doneBefore() ? ", finished before: nothing to do" : "",
              texts.empty(),
              texts.cut());
      return result;
    }
  }
}
