package org.latte4j.spark.cli;

/** How a verb ended, as its process tells schedulers. */
public enum ExitStatus {
  DONE(0),
  /** A defect of the program, or something that nobody foresaw. */
  UNEXPECTED(1),
  /** The command line or a setting is wrong. */
  USAGE(2),
  /** An input is missing or damaged: a folder of videos, a shard, a checkpoint, weights. */
  BAD_INPUT(3),
  /** Memory, disk, GPU, native libraries or Spark. */
  ENVIRONMENT(4),
  /** Training has diverged: a loss or a gradient is not a finite number. */
  DIVERGED(5);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  /** The process's exit status. */
  public int code() {
    return code;
  }
}
