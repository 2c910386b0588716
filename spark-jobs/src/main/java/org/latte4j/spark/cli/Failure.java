package org.latte4j.spark.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.EnvironmentException;
import org.latte4j.spark.checkpoint.CheckpointWriteException;
import org.latte4j.spark.checkpoint.NonFiniteStateException;
import org.latte4j.spark.train.TrainingDivergedException;
import org.latte4j.spark.watchdog.StalledException;

/**
 * Why a verb failed, in one message, and the exit status that belongs to it.
 *
 * <p>Spark, ND4J and reflection wrap exceptions, so the first exception of the chain of causes that
 * says something to the user decides.
 *
 * @param status what kind of failure it is
 * @param message for the user, on one or more lines
 */
record Failure(ExitStatus status, String message) {
  private static final String OURS = "org.latte4j.";

  /** An exception of ours inside the text of a task's failure that Spark could not send back. */
  private static final Pattern TASK_FAILURE =
      Pattern.compile("(org\\.latte4j\\.[\\w.]+Exception): ([^\\n]+)");

  /** Spark names the executor in the same line. */
  private static final Pattern FULL_DISK =
      Pattern.compile("Lost task [^\\n]*No space left on device");

  static Failure of(Throwable thrown) {
    for (Throwable cause : chain(thrown)) {
      Optional<Failure> failure = classify(cause).or(() -> fullDiskOfExecutor(cause));
      if (failure.isPresent()) {
        return failure.get();
      }
    }
    return fromTaskFailure(thrown)
        .orElseGet(() -> new Failure(ExitStatus.UNEXPECTED, "unexpected error: " + thrown));
  }

  private static Optional<Failure> classify(Throwable cause) {
    if (cause instanceof SettingsException) {
      return of(ExitStatus.USAGE, cause.getMessage());
    }
    if (cause instanceof EnvironmentException || cause instanceof StalledException) {
      return of(ExitStatus.ENVIRONMENT, cause.getMessage());
    }
    if (cause instanceof TrainingDivergedException || cause instanceof NonFiniteStateException) {
      return of(ExitStatus.DIVERGED, cause.getMessage());
    }
    if (cause instanceof CheckpointWriteException) {
      return of(ExitStatus.ENVIRONMENT, cause.getMessage());
    }
    if (cause instanceof OutOfMemoryError) {
      return of(
          ExitStatus.ENVIRONMENT,
          "too little memory: "
              + cause.getMessage()
              + ". Give the process more (LATTE_JAVA_OPTS=\"-Xmx8g"
              + " -Dorg.bytedeco.javacpp.maxbytes=16g\"; executors: spark.executor.memory and"
              + " memoryOverhead), or lower the batch size or the model's size");
    }
    if (cause instanceof UnsatisfiedLinkError || cause instanceof NoClassDefFoundError) {
      return of(
          ExitStatus.ENVIRONMENT,
          "a native library did not load: " + cause.getMessage() + ". bin/latte doctor says more");
    }
    if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
      return of(ExitStatus.ENVIRONMENT, "no connection: " + cause.getMessage());
    }
    if (cause instanceof IOException failure) {
      return classify(failure);
    }
    return Optional.empty();
  }

  private static Optional<Failure> classify(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    if (message.contains("No space left on device")) {
      return of(ExitStatus.ENVIRONMENT, "the disk is full: " + message);
    }
    if (failure.getClass().getName().startsWith(OURS)) {
      return of(ExitStatus.BAD_INPUT, message);
    }
    if (failure instanceof NoSuchFileException || failure instanceof FileNotFoundException) {
      return of(ExitStatus.BAD_INPUT, "no such file: " + message);
    }
    if (failure instanceof NotDirectoryException) {
      return of(ExitStatus.BAD_INPUT, "not a folder: " + message);
    }
    if (failure instanceof AccessDeniedException) {
      return of(ExitStatus.BAD_INPUT, "no permission: " + message);
    }
    if (failure instanceof FileSystemException) {
      return of(ExitStatus.BAD_INPUT, message);
    }
    return Optional.empty();
  }

  /** Spark's words come before the task's own exception, which does not know where it was. */
  private static Optional<Failure> fullDiskOfExecutor(Throwable cause) {
    Matcher full = FULL_DISK.matcher(String.valueOf(cause.getMessage()));
    if (!full.find()) {
      return Optional.empty();
    }
    return of(
        ExitStatus.ENVIRONMENT,
        "the disk is full: "
            + full.group()
            + ". Executors keep shuffle files in spark.local.dir (standalone:"
            + " SPARK_LOCAL_DIRS): free some of it there, then run the same command again");
  }

  private static Optional<Failure> fromTaskFailure(Throwable thrown) {
    for (Throwable cause : chain(thrown)) {
      String text = String.valueOf(cause.getMessage());
      Matcher matcher = TASK_FAILURE.matcher(text);
      if (matcher.find()) {
        ExitStatus status =
            matcher.group(1).endsWith(".EnvironmentException")
                ? ExitStatus.ENVIRONMENT
                : ExitStatus.BAD_INPUT;
        return of(status, matcher.group(2));
      }
    }
    return Optional.empty();
  }

  private static Optional<Failure> of(ExitStatus status, String message) {
    return Optional.of(new Failure(status, message));
  }

  private static List<Throwable> chain(Throwable thrown) {
    List<Throwable> chain = new ArrayList<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable t = thrown; t != null && seen.add(t); t = t.getCause()) {
      chain.add(t);
    }
    return chain;
  }
}
