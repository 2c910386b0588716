package org.latte4j.data.decoder;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A started decoder process, its pipes and its clock.
 *
 * <p>Not thread-safe.
 */
final class RunningDecoder {
  private static final int BUFFER_BYTES = 1 << 17;

  private final Process process;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final ErrorTail errors;
  private final Stopwatch watch;

  RunningDecoder(List<String> command, DecoderSettings settings) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    // Every thread's arena would reserve address space; and options for our JVM are not for it.
    builder.environment().put("MALLOC_ARENA_MAX", "2");
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("_JAVA_OPTIONS");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    process = builder.start();
    in = new DataInputStream(new BufferedInputStream(process.getInputStream(), BUFFER_BYTES));
    out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
    errors = ErrorTail.of(process.getErrorStream());
    watch = new Stopwatch(process, settings);
  }

  /** What the process says. */
  DataInputStream in() {
    return in;
  }

  /** What is said to it. */
  DataOutputStream out() {
    return out;
  }

  /** Processor time that it has used. */
  Optional<Duration> processorTime() {
    return process.info().totalCpuDuration();
  }

  /** How long one waits for it. */
  Stopwatch watch() {
    return watch;
  }

  void end() {
    watch.close();
    process.destroyForcibly();
    try {
      in.close();
      out.close();
    } catch (IOException e) {
      // The process is gone and so is what was meant for it.
    }
  }

  /**
   * Why the process no longer answers; ends it if it has not ended.
   *
   * @param video whose turn it was
   */
  DecoderDiedException died(String video) {
    Optional<String> overtime = watch.overtime();
    process.destroyForcibly();
    int status = awaitEnd();
    if (overtime.isPresent()) {
      return new DecoderDiedException(
          DecoderDiedException.Cause.TIME, video + ": " + overtime.get());
    }
    String said = errors.text();
    return new DecoderDiedException(
        DecoderDiedException.Cause.CRASH,
        "%s: its decoder crashed (%s)%s"
            .formatted(video, ending(status), said.isEmpty() ? "" : ": " + said));
  }

  private int awaitEnd() {
    boolean interrupted = false;
    while (true) {
      try {
        int status = process.waitFor();
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        return status;
      } catch (InterruptedException e) {
        interrupted = true; // it has been killed and ends at once
      }
    }
  }

  private static String ending(int status) {
    return status > 128 ? "signal " + (status - 128) : "exit status " + status;
  }
}
