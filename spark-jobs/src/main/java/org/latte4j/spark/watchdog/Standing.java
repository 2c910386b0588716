package org.latte4j.spark.watchdog;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How a run stands at a moment; times in seconds.
 *
 * @param work the Spark job that runs, or what the driver is between
 * @param kind what work of this kind is called: {@code round}, {@code checkpoint}, {@code driver}
 * @param onDriver whether no Spark job runs
 * @param quiet since something last moved
 * @param usual what work of this kind usually takes; empty while too little of it has been seen
 * @param stages that run
 * @param tasks that run, those longest in their phase first
 * @param withoutExecutors since the last executor went, 0 while there are some
 */
record Standing(
    String work,
    String kind,
    boolean onDriver,
    double quiet,
    OptionalDouble usual,
    List<Stage> stages,
    List<Task> tasks,
    List<Executor> executors,
    double withoutExecutors) {

  /** A stage and the numbers of its tasks. */
  record Stage(String name, int tasks, int finished, int running) {}

  /**
   * A task.
   *
   * @param doing such as {@code worker 3 is taking local steps}
   * @param seconds for which it has been doing that
   */
  record Task(String doing, String executor, String host, double seconds) {}

  /**
   * An executor.
   *
   * @param silent seconds since its last heartbeat
   */
  record Executor(String id, String host, double silent) {}
}
