package org.latte4j.spark.doctor;

/**
 * One thing that a check found.
 *
 * @param level whether it stands in the way
 * @param subject what was looked at, as in "memory"
 * @param text what is there, and what will be used
 * @param remedy how to mend it; empty when nothing is wrong
 */
public record Finding(Level level, String subject, String text, String remedy) {
  /** How bad a finding is. */
  public enum Level {
    FINE,
    /** Jobs run, but slower or with less than the machine has. */
    WARNING,
    /** Jobs cannot run. */
    UNUSABLE
  }

  static Finding fine(String subject, String text) {
    return new Finding(Level.FINE, subject, text, "");
  }

  static Finding warning(String subject, String text, String remedy) {
    return new Finding(Level.WARNING, subject, text, remedy);
  }

  static Finding unusable(String subject, String text, String remedy) {
    return new Finding(Level.UNUSABLE, subject, text, remedy);
  }
}
