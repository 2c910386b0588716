package org.latte4j.spark.cli;

import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.spark.sample.SampleJob;
import org.latte4j.spark.sample.SampleResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sample}: video from a checkpoint. */
@Command(name = "sample", description = "Generate video from a checkpoint.")
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

  @Mixin private MasterOption master;

  @Override
  protected Object run(Invocation invocation) throws IOException {
    try (JavaSparkContext context =
        SparkApplication.start("sample", invocation.settings(), master.url)) {
      SampleJob job =
          new SampleJob(context, invocation.settings(), new Path(checkpoint), new Path(output));
      ProgressLine line = invocation.progress("sample", "videos", job.videos());
      SampleResult result = job.progress(done -> line.advance(done, "")).execute();
      result.videos().forEach(video -> video.files().forEach(invocation.out()::println));
      invocation.out().println(result.contactSheet());
      return result;
    }
  }
}
