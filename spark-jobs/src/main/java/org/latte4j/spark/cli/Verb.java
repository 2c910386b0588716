package org.latte4j.spark.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.latte4j.model.settings.Settings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * One verb of the command line. A subclass declares its options and does the work in {@link #run};
 * settings, exit status and the JSON report are handled here and in {@link Latte}.
 */
abstract class Verb implements Callable<Integer> {
  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  /**
   * Does the work.
   *
   * @return a record or map for the JSON report
   * @throws Exception any; {@link Failure} maps it to an exit status and a message
   */
  protected abstract Object run(Invocation invocation) throws Exception;

  @Override
  public final Integer call() throws Exception {
    long start = System.nanoTime();
    JsonReport report = common.json == null ? null : JsonReport.to(common.json);
    Object result = run(invocation());
    if (report != null) {
      report.done(name(), (System.nanoTime() - start) / 1e9, result);
    }
    return ExitStatus.DONE.code();
  }

  /** The verb as typed, such as {@code train} or {@code bench step}. */
  private String name() {
    String name = spec.qualifiedName(" ");
    return name.substring(name.indexOf(' ') + 1);
  }

  private Invocation invocation() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    return new Invocation(Settings.load(common.files, common.overrides), out, err);
  }
}
