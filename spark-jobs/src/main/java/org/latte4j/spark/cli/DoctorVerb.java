package org.latte4j.spark.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.latte4j.spark.EnvironmentException;
import org.latte4j.spark.doctor.BackendCheck;
import org.latte4j.spark.doctor.Check;
import org.latte4j.spark.doctor.FfmpegCheck;
import org.latte4j.spark.doctor.Finding;
import org.latte4j.spark.doctor.GpuCheck;
import org.latte4j.spark.doctor.JvmCheck;
import org.latte4j.spark.doctor.MemoryCheck;
import org.latte4j.spark.doctor.SparkCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code doctor}: what of this machine will be used, what is wrong, and how to mend it. */
@Command(
    name = "doctor",
    description =
        "Examine Java, memory, the ND4J backend, GPUs, video and Spark: what will be used, what is"
            + " wrong, and how to mend it. Exit status 4 when jobs cannot run.")
final class DoctorVerb extends Verb {
  @Mixin private MasterOption master;

  @Override
  protected Object run(Invocation invocation) {
    SparkConf conf = SparkApplication.configuration("doctor", invocation.settings(), master.url);
    List<Check> checks =
        List.of(
            new JvmCheck(),
            new MemoryCheck(),
            new BackendCheck(),
            new GpuCheck(),
            new FfmpegCheck(),
            new SparkCheck(conf.get("spark.master")));
    List<Finding> findings = new ArrayList<>();
    for (Check check : checks) {
      for (Finding finding : check.examine()) {
        print(finding, invocation.out());
        findings.add(finding);
      }
    }
    String unusable =
        findings.stream()
            .filter(finding -> finding.level() == Finding.Level.UNUSABLE)
            .map(finding -> finding.subject() + ": " + finding.text())
            .collect(Collectors.joining("; "));
    if (!unusable.isEmpty()) {
      throw new EnvironmentException("jobs cannot run here: " + unusable);
    }
    return Map.of("findings", findings);
  }

  private static void print(Finding finding, PrintWriter out) {
    String mark =
        switch (finding.level()) {
          case FINE -> "ok  ";
          case WARNING -> "warn";
          case UNUSABLE -> "BAD ";
        };
    out.printf("%s  %-11s %s%n", mark, finding.subject(), finding.text());
    if (!finding.remedy().isEmpty()) {
      out.printf("                  -> %s%n", finding.remedy());
    }
    out.flush();
  }
}
