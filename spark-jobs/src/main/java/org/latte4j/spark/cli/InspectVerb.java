package org.latte4j.spark.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code inspect}: what a folder of shards or a checkpoint holds, and whether it is whole. */
@Command(
    name = "inspect",
    description = "Show what a shard folder or a checkpoint holds, and check that it is whole.")
final class InspectVerb extends Verb {
  @Parameters(paramLabel = "DIR", description = "A shard folder, a checkpoint or a training run.")
  private String folder;

  @Override
  protected Object run(Invocation invocation) {
    throw new UnsupportedOperationException("inspect " + folder);
  }
}
