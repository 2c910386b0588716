package org.latte4j.spark.cli;

import java.io.IOException;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.spark.encode.CompactJob;
import org.latte4j.spark.inspect.ShardSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code compact}: small shard files into larger ones. */
@Command(
    name = "compact",
    description = "Put small shard files together into files of compact.file-bytes.")
final class CompactVerb extends Verb {
  @Option(
      names = "--shards",
      required = true,
      paramLabel = "DIR",
      description = "Folder of latent shards; its files are replaced, its rows are not.")
  private String shards;

  @Mixin private MasterOption master;

  @Override
  protected Object run(Invocation invocation) throws IOException {
    long fileBytes = invocation.settings().bytes("compact.file-bytes", 1, Long.MAX_VALUE);
    CompactJob.Result result;
    try (JavaSparkContext spark =
        SparkApplication.start("compact", invocation.settings(), master.url)) {
      result = new CompactJob(spark, shards, fileBytes).execute();
    }
    int files = result.manifest().files().size();
    invocation.out().printf("%d files are now %d%n", result.filesBefore(), files);
    return Map.of(
        "files-before", result.filesBefore(), "shards", ShardSummary.of(shards, result.manifest()));
  }
}
