package org.latte4j.spark.averaging;

/** What a task of a training run is busy with. */
public enum Activity {
  /** A task has not said yet what it does: it starts, or fetches what it works on. */
  START("starting or fetching its input", "task"),
  /** A worker fetches the averaged slices. */
  GATHER("gathering the averaged state", "worker"),
  /** A worker copies a slice into its replica. */
  LOAD("loading its replica", "worker"),
  /** A worker takes its local steps, waiting for data included. */
  STEPS("taking local steps", "worker"),
  /** A worker writes its slices for those that average them. */
  EMIT("emitting its slices", "worker"),
  /** The owner of a slice averages the workers' values. */
  AVERAGE("averaging", "slice"),
  /** The owner of a slice writes it to a checkpoint. */
  CHECKPOINT("writing to the checkpoint", "slice"),
  /** The owner of a slice does other work on it. */
  READ("reading the state", "slice"),
  /** A task works with all of one vector. */
  USE("working with the weights", "task"),
  /** A task evaluates held-out clips. */
  VALIDATE("evaluating held-out clips", "task"),
  /** A task generates videos. */
  SAMPLE("generating videos", "task");

  private final String text;
  private final String unit;

  Activity(String text, String unit) {
    this.text = text;
    this.unit = unit;
  }

  /** What the task does, for people; goes on from "worker 3 is". */
  public String text() {
    return text;
  }

  /**
   * What the tasks of this activity are numbered by: {@code worker}, {@code slice} or {@code task}.
   */
  public String unit() {
    return unit;
  }
}
