package org.latte4j.spark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.spark.demo.DemoFiles;
import org.latte4j.spark.demo.DemoJob;
import org.latte4j.spark.demo.DemoResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code demo}: from real video to generated video, in one command. */
@Command(
    name = "demo",
    description =
        "Encode the excerpts that ship with Latte4J, train a small model on them, and generate"
            + " video of each class.")
final class DemoVerb extends Verb {
  @Option(
      names = "--output",
      paramLabel = "DIR",
      defaultValue = "demo-output",
      description = "Folder for everything that the demo makes (default: ${DEFAULT-VALUE}).")
  private Path output;

  @Option(
      names = "--from-scratch",
      description =
          "Start from a fresh network, and train for as long as the shipped checkpoint took.")
  private boolean fromScratch;

  @Override
  protected List<Path> shippedSettings() throws IOException {
    DemoFiles files = DemoFiles.find();
    return fromScratch ? List.of(files.settings()) : List.of(files.settings(), files.goingOn());
  }

  @Override
  protected Map<String, String> shippedOverrides() throws IOException {
    return fromScratch ? Map.of() : DemoJob.startingFrom(DemoFiles.find());
  }

  @Override
  protected Object run(Invocation invocation) throws IOException {
    try (JavaSparkContext context =
        SparkApplication.start("demo", invocation.settings(), Optional.of("local[2]"))) {
      DemoResult result =
          new DemoJob(
                  context,
                  invocation.settings(),
                  DemoFiles.find(),
                  output,
                  new DemoProgress(invocation))
              .execute();
      JsonReport.to(output.resolve("result.json")).done("demo", result.seconds(), result);
      print(invocation.out(), result);
      return result;
    }
  }

  private void print(PrintWriter out, DemoResult result) {
    out.println("trained " + result.mode() + ", last loss " + result.lastLoss());
    result.videos().forEach(out::println);
    out.println(result.contactSheet() + "  real and generated frames side by side");
    out.println(result.lossCurve());
    out.println(output.resolve("result.json"));
  }
}
