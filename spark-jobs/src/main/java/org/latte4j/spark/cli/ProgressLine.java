package org.latte4j.spark.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Progress with rate and time left. On a terminal one line is rewritten, at most four times a
 * second; elsewhere (a log) a line is added every ten seconds. Safe for use by several threads.
 */
public final class ProgressLine {
  private static final Duration ON_TERMINAL = Duration.ofMillis(250);
  private static final Duration IN_LOG = Duration.ofSeconds(10);

  private final PrintWriter out;
  private final String what;
  private final String unit;
  private final boolean terminal;
  private final LongSupplier nanoTime;
  private final long start;
  private long total;
  private long before;
  private long nextLine;
  private int width;

  /**
   * @param total how many units there are
   * @param terminal whether the line can be rewritten
   * @param nanoTime the clock
   */
  ProgressLine(
      PrintWriter out,
      String what,
      String unit,
      long total,
      boolean terminal,
      LongSupplier nanoTime) {
    this.out = out;
    this.what = what;
    this.unit = unit;
    this.total = total;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
    this.nextLine = start;
  }

  /** Starts the clock. */
  public static ProgressLine start(PrintWriter out, String what, String unit, long total) {
    return new ProgressLine(out, what, unit, total, System.console() != null, System::nanoTime);
  }

  /** Tells how many units there are, where that is not known at the start. */
  public synchronized void total(long units) {
    this.total = units;
  }

  /** Tells how many units were done before, which the rate and the time left must not count. */
  public synchronized void doneBefore(long units) {
    this.before = units;
  }

  /**
   * Tells how far the work is.
   *
   * @param done units done so far, 0 to the total
   * @param note more to show, such as the loss; may be empty
   */
  public synchronized void advance(long done, String note) {
    long now = nanoTime.getAsLong();
    boolean last = done >= total;
    if (!last && now < nextLine) {
      return;
    }
    nextLine = now + (terminal ? ON_TERMINAL : IN_LOG).toNanos();
    print(line(done, note, (now - start) / 1e9), last);
  }

  private String line(long done, String note, double seconds) {
    StringBuilder line = new StringBuilder();
    line.append(what).append(": ").append(done).append('/').append(total).append(' ').append(unit);
    if (done > before && seconds > 0) {
      double rate = (done - before) / seconds;
      line.append(String.format(Locale.ROOT, ", %.3g/s", rate));
      if (done < total) {
        line.append(", ").append(readable((total - done) / rate)).append(" left");
      } else {
        line.append(", took ").append(readable(seconds));
      }
    }
    return note.isEmpty() ? line.toString() : line.append(", ").append(note).toString();
  }

  private void print(String line, boolean last) {
    if (!terminal) {
      out.println(line);
    } else {
      out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
      width = line.length();
      if (last) {
        out.println();
      }
    }
    out.flush();
  }

  /** A duration as people say it: 12 s, 3 min 20 s, 2 h 5 min. */
  static String readable(double seconds) {
    long whole = Math.max(0, Math.round(seconds));
    if (whole < 60) {
      return whole + " s";
    }
    if (whole < 3600) {
      return whole / 60 + " min " + whole % 60 + " s";
    }
    return whole / 3600 + " h " + whole % 3600 / 60 + " min";
  }
}
