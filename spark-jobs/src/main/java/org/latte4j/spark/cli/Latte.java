package org.latte4j.spark.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.latte4j.model.settings.Secrets;
import org.latte4j.model.settings.SettingsException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line {@code bin/latte VERB}. Also the place where every failure becomes one clear
 * message, an exit status ({@link ExitStatus}) and, when asked for, a JSON report.
 */
@Command(
    name = "latte",
    description = "Train Latte video diffusion models on Spark, and generate video with them.",
    subcommands = {
      DemoVerb.class,
      EncodeVerb.class,
      EncodeTextVerb.class,
      CompactVerb.class,
      TrainVerb.class,
      TrainAutoencoderVerb.class,
      SampleVerb.class,
      DenoiseVerb.class,
      AutoencodeVerb.class,
      ConvertVerb.class,
      EstimateVerb.class,
      InspectVerb.class,
      ReportVerb.class,
      BenchVerb.class,
      DoctorVerb.class
    },
    footerHeading = "%nExit status:%n",
    footer = {
      "  0 done; 1 unexpected; 2 wrong usage or configuration; 3 bad input data or checkpoint;",
      "  4 environment (memory, disk, GPU, Spark); 5 training has diverged."
    })
public final class Latte implements Runnable {
  private final PrintWriter err;
  private final long start = System.nanoTime();
  private final Set<String> secrets = new HashSet<>();
  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  private Latte(PrintWriter err) {
    this.err = err;
  }

  /** Runs a verb and ends the process with its exit status. */
  public static void main(String[] args) {
    endOnMemoryErrors(args);
    System.exit(run(args, utf8(System.out), utf8(System.err)));
  }

  /**
   * Runs a verb that came through {@code spark-submit}. A job that is done returns: in a cluster's
   * driver, ending the process would count as a failure.
   */
  public static void submitted(String verb, String[] args) {
    List<String> all = new ArrayList<>(List.of(verb));
    all.addAll(Arrays.asList(args));
    endOnMemoryErrors(all.toArray(new String[0]));
    int status = run(all.toArray(new String[0]), utf8(System.out), utf8(System.err));
    if (status != ExitStatus.DONE.code()) {
      System.exit(status);
    }
  }

  private static void endOnMemoryErrors(String[] args) {
    MemoryErrorExit.install(args.length == 0 ? "" : args[0], jsonOption(Arrays.asList(args)));
  }

  /** Runs a verb and returns the exit status; for tests and for the jobs' own main classes. */
  static int run(String[] args, PrintWriter out, PrintWriter err) {
    Latte latte = new Latte(err);
    CommandLine line =
        new CommandLine(latte)
            .setOut(out)
            .setErr(err)
            .setUsageHelpAutoWidth(true)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(latte::wrongUsage)
            .setExecutionExceptionHandler(latte::failed);
    return line.execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Name a verb.");
  }

  /** Values that no message may show. */
  void keepSecret(Set<String> values) {
    secrets.addAll(values);
  }

  private int wrongUsage(ParameterException e, String[] args) {
    Failure failure = new Failure(ExitStatus.USAGE, masked(e.getMessage()));
    err.println("latte: " + failure.message());
    e.getCommandLine().usage(err);
    err.flush();
    jsonOption(Arrays.asList(args)).ifPresent(file -> report(e.getCommandLine(), file, failure));
    return failure.status().code();
  }

  private int failed(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
    Failure found = Failure.of(e);
    Failure failure = new Failure(found.status(), masked(found.message()));
    err.println("latte " + verb(line) + ": " + failure.message());
    if (parsed.originalArgs().contains("--verbose")) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      err.println(masked(trace.toString()));
    } else if (failure.status() == ExitStatus.UNEXPECTED) {
      err.println("Run it again with --verbose for the stack trace.");
    }
    err.flush();
    jsonOption(parsed.originalArgs()).ifPresent(file -> report(line, file, failure));
    return failure.status().code();
  }

  private String masked(String message) {
    return Secrets.mask(message, secrets);
  }

  private void report(CommandLine line, Path file, Failure failure) {
    try {
      JsonReport.to(file).failed(verb(line), (System.nanoTime() - start) / 1e9, failure);
    } catch (IOException | SettingsException e) {
      err.println("latte: the report " + file + " could not be written: " + e.getMessage());
      err.flush();
    }
  }

  private static String verb(CommandLine line) {
    return Arrays.stream(line.getCommandSpec().qualifiedName(" ").split(" "))
        .skip(1)
        .collect(Collectors.joining(" "));
  }

  /** The value of {@code --json}, found even where the rest of the command line is wrong. */
  private static Optional<Path> jsonOption(List<String> args) {
    int at = args.lastIndexOf("--json");
    if (at >= 0 && at + 1 < args.size()) {
      return Optional.of(Path.of(args.get(at + 1)));
    }
    return args.stream()
        .filter(arg -> arg.startsWith("--json="))
        .map(arg -> Path.of(arg.substring("--json=".length())))
        .findFirst();
  }

  private static PrintWriter utf8(OutputStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }
}
