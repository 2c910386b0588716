package org.latte4j.spark.cli;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.spark.sample.SampleJob;
import org.latte4j.spark.sample.SampleResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sample}: video from a checkpoint. */
@Command(
    name = "sample",
    description =
        "Generate video from a checkpoint. How is said below sample in the settings:"
            + " docs/sampling.md.")
final class SampleVerb extends Verb {
  @Option(
      names = "--checkpoint",
      required = true,
      paramLabel = "DIR",
      description = "A checkpoint, or a training run's folder (its newest whole checkpoint).")
  private String checkpoint;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the videos and the contact sheet.")
  private String output;

  @Option(
      names = "--image",
      paramLabel = "FILE",
      description =
          "A picture that every video begins with (or a video, whose first frame is taken); the"
              + " same as --set sample.image=FILE.")
  private Optional<String> image = Optional.empty();

  @Option(
      names = "--text-embeddings",
      paramLabel = "PATH",
      description =
          "Text embeddings that videos are made of, for a model that is told texts: what latte"
              + " encode-text wrote; the same as --set sample.text-embeddings=PATH.")
  private Optional<String> textEmbeddings = Optional.empty();

  @Mixin private MasterOption master;

  @Override
  protected Map<String, String> optionSettings() {
    Map<String, String> options = new HashMap<>();
    image.ifPresent(file -> options.put("sample.image", file));
    textEmbeddings.ifPresent(place -> options.put("sample.text-embeddings", place));
    return options;
  }

  @Override
  protected Object run(Invocation invocation) throws IOException {
    try (JavaSparkContext context =
        SparkApplication.start("sample", invocation.settings(), master.url)) {
      SampleJob job =
          new SampleJob(context, invocation.settings(), new Path(checkpoint), new Path(output));
      ProgressLine line = invocation.progress("sample", "videos", job.videos());
      SampleResult result = job.progress(done -> line.advance(done, "")).execute();
      result.videos().forEach(video -> video.files().forEach(invocation.out()::println));
      if (!result.contactSheet().isEmpty()) {
        invocation.out().println(result.contactSheet());
      }
      return result;
    }
  }
}
