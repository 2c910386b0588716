package org.latte4j.data.decoder;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** The last lines that a process wrote to its standard error. */
final class ErrorTail implements Runnable {
  private static final int LINES = 4;
  private static final int LONGEST = 300;

  private final BufferedReader reader;
  private final Deque<String> lines = new ArrayDeque<>();
  private Thread thread;

  private ErrorTail(InputStream stream) {
    reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
  }

  static ErrorTail of(InputStream stream) {
    ErrorTail tail = new ErrorTail(stream);
    tail.thread = new Thread(tail, "decoder process's errors");
    tail.thread.setDaemon(true);
    tail.thread.start();
    return tail;
  }

  @Override
  public void run() {
    try {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      // The process is gone, and what it has said is kept.
    }
  }

  private synchronized void add(String line) {
    // slf4j complains that there is nothing to log to.
    if (line.isBlank() || line.startsWith("SLF4J")) {
      return;
    }
    if (lines.size() == LINES) {
      lines.removeFirst();
    }
    lines.addLast(line.substring(0, Math.min(LONGEST, line.length())));
  }

  /** After the process has ended: what it said last. */
  String text() {
    try {
      thread.join(TimeUnit.SECONDS.toMillis(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      return String.join("; ", lines);
    }
  }
}
