package org.latte4j.spark.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import org.latte4j.model.settings.SettingsException;

/**
 * Ends a driver one of whose threads has run out of memory. Spark hands results of tasks over in
 * threads of its own; one that dies of it takes its result along, and the job waits for that result
 * for ever.
 */
final class MemoryErrorExit implements Thread.UncaughtExceptionHandler {
  private final String verb;
  private final Optional<Path> json;
  private final PrintStream err;
  private final long start = System.nanoTime();

  private MemoryErrorExit(String verb, Optional<Path> json, PrintStream err) {
    this.verb = verb;
    this.json = json;
    this.err = err;
  }

  /**
   * Takes over what threads of this process let fall from now on.
   *
   * @param json where the command line asks for a report
   */
  static void install(String verb, Optional<Path> json) {
    Thread.setDefaultUncaughtExceptionHandler(new MemoryErrorExit(verb, json, System.err));
  }

  @Override
  public void uncaughtException(Thread thread, Throwable error) {
    err.print("Exception in thread \"" + thread.getName() + "\" ");
    error.printStackTrace(err);
    if (!(error instanceof OutOfMemoryError)) {
      return;
    }
    Failure failure = Failure.of(error);
    err.println("latte " + verb + ": " + failure.message());
    err.flush();
    json.ifPresent(file -> report(file, failure));
    // Hooks need memory, and may wait for the thread that is no more.
    Runtime.getRuntime().halt(failure.status().code());
  }

  private void report(Path file, Failure failure) {
    try {
      JsonReport.to(file).failed(verb, (System.nanoTime() - start) / 1e9, failure);
    } catch (IOException | SettingsException | OutOfMemoryError e) {
      err.println("latte: the report " + file + " could not be written: " + e.getMessage());
    }
  }
}
