package org.latte4j.spark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.latte4j.model.settings.Secrets;
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

  /** Settings files of the program itself, read before the user's. */
  protected List<Path> shippedSettings() throws IOException {
    return List.of();
  }

  /** Single settings of the program itself, over all files and below the user's. */
  protected Map<String, String> shippedOverrides() throws IOException {
    return Map.of();
  }

  /** Single settings that options of the verb stand for, over all others. */
  protected Map<String, String> optionSettings() {
    return Map.of();
  }

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

  private Invocation invocation() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    List<Path> files = new ArrayList<>(shippedSettings());
    files.addAll(common.files);
    Map<String, String> overrides = new LinkedHashMap<>(shippedOverrides());
    overrides.putAll(common.overrides);
    overrides.putAll(optionSettings());
    Latte latte = (Latte) spec.root().userObject();
    latte.keepSecret(Secrets.valuesIn(overrides));
    Settings settings = Settings.load(files, overrides);
    latte.keepSecret(settings.secretValues());
    return new Invocation(settings, out, err);
  }
}
