package org.latte4j.spark.cli;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.spark.encode.EncodeJob;
import org.latte4j.spark.encode.EncodeProgress;
import org.latte4j.spark.encode.EncodeResult;
import org.latte4j.spark.encode.EncodeSettings;
import org.latte4j.spark.inspect.ShardSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code encode}: videos into latent shards. */
@Command(name = "encode", description = "Encode videos into latent shards.")
final class EncodeVerb extends Verb {
  @Option(
      names = "--input",
      required = true,
      paramLabel = "DIR",
      description = "Folder of videos; source.layout says how it is arranged.")
  private String input;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the shards and their manifest.")
  private String output;

  @Mixin private MasterOption master;

  @Override
  protected Object run(Invocation invocation) throws IOException {
    EncodeSettings settings = EncodeSettings.from(invocation.settings());
    ProgressLine progress = invocation.progress("encode", "videos", 0);
    EncodeResult result;
    try (JavaSparkContext spark =
        SparkApplication.start("encode", invocation.settings(), master.url)) {
      result = new EncodeJob(spark, input, output, settings, following(progress)).execute();
    }
    ShardSummary shards = ShardSummary.of(result.folder(), result.manifest());
    if (result.outcome() == EncodeResult.Outcome.ALREADY_FINISHED) {
      invocation.out().println("already encoded with these settings, nothing to do");
    }
    result.repaired().forEach(file -> invocation.out().println("encoded again: " + file));
    shards.lines().forEach(invocation.out()::println);
    return Map.of(
        "outcome",
        result.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        "repaired",
        result.repaired(),
        "rejected",
        result.manifest().rejected(),
        "shards",
        shards);
  }

  private static EncodeProgress following(ProgressLine line) {
    return (videos, total, frames, rejected) -> {
      line.total(total);
      line.advance(videos, "%d frames, %d rejected".formatted(frames, rejected));
    };
  }
}
