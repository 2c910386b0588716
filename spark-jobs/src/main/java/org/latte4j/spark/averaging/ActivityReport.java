package org.latte4j.spark.averaging;

import org.apache.spark.util.AccumulatorV2;

/**
 * Tells the driver where tasks stand while they run, hanging ones too: an accumulator, which Spark
 * sends with every heartbeat of an executor ({@code spark.executor.heartbeatInterval}, 10 s). What
 * listens finds its value in {@code SparkListenerExecutorMetricsUpdate}.
 *
 * <p>Registered once a training run; each task writes into a copy of its own, and nothing is kept
 * when the task ends. Written by the task's thread, read by any.
 */
public final class ActivityReport extends AccumulatorV2<TaskActivity, TaskActivity> {
  private static final long serialVersionUID = 1L;
  private static final ThreadLocal<ActivityReport> OF_THIS_THREAD = new ThreadLocal<>();

  /**
   * Null before the first activity. It has to be: the task's heartbeats find this object as soon as
   * the superclass's part of it is read from the closure, and before this field is.
   */
  private volatile TaskActivity now;

  /** A report of no activity yet. */
  public ActivityReport() {}

  /**
   * The task of this thread begins an activity.
   *
   * @param number of the worker or slice that it works for, or its own
   */
  public void enter(Activity activity, int number) {
    OF_THIS_THREAD.set(this);
    add(new TaskActivity(activity, number, value().moves() + 1));
  }

  /** The task of this thread has got on within its activity; without effect outside of one. */
  public static void step() {
    ActivityReport report = OF_THIS_THREAD.get();
    if (report != null) {
      TaskActivity before = report.value();
      report.add(new TaskActivity(before.activity(), before.number(), before.moves() + 1));
    }
  }

  @Override
  public boolean isZero() {
    return now == null;
  }

  @Override
  public ActivityReport copy() {
    ActivityReport copy = new ActivityReport();
    copy.now = now;
    return copy;
  }

  @Override
  public void reset() {
    now = null;
  }

  @Override
  public void add(TaskActivity activity) {
    now = activity;
  }

  /** Forgets where a finished task stood last. */
  @Override
  public void merge(AccumulatorV2<TaskActivity, TaskActivity> finished) {}

  /** Where the task stands. */
  @Override
  public TaskActivity value() {
    TaskActivity latest = now;
    return latest == null ? TaskActivity.NOT_BEGUN : latest;
  }
}
