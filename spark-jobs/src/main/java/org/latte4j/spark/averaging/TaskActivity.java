package org.latte4j.spark.averaging;

import java.io.Serializable;

/**
 * Where a running task stands.
 *
 * @param activity what it does
 * @param number of the worker or slice that it does it for, or its own
 * @param moves how often it has begun an activity or taken a step: grows as long as it is not stuck
 */
public record TaskActivity(Activity activity, int number, long moves) implements Serializable {
  static final TaskActivity NOT_BEGUN = new TaskActivity(Activity.START, 0, 0);

  /** The task in words, such as {@code worker 3 is taking local steps}. */
  public String text() {
    return "%s %d is %s".formatted(activity.unit(), number, activity.text());
  }
}
