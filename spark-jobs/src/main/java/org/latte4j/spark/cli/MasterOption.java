package org.latte4j.spark.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** The option of every verb that runs on Spark. */
final class MasterOption {
  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Spark master, such as local[2] or spark://host:7077.")
  Optional<String> url;
}
