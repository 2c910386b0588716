package org.latte4j.spark.watchdog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.StageInfo;
import org.latte4j.spark.averaging.TaskActivity;
import scala.Tuple4;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * What Spark's jobs, tasks and executors are doing at the moment, and when something last moved: a
 * job began or ended, a task finished or reported a new activity or step. Thread-safe.
 */
final class RunActivity extends SparkListener {
  private static final String DRIVER_WORK = "driver";
  private static final String DESCRIPTION = "spark.job.description";
  private static final int REMEMBERED = 32;
  private static final int USUAL_NEEDS = 3;

  private final LongSupplier clock;
  private final Map<Integer, Job> jobs = new LinkedHashMap<>();
  private final Map<Integer, StageInfo> stages = new TreeMap<>();
  private final Map<Integer, Integer> finishedTasks = new HashMap<>();
  private final Map<Long, RunningTask> tasks = new HashMap<>();
  private final Map<String, Executor> executors = new LinkedHashMap<>();
  private final Map<String, Deque<Double>> durations = new HashMap<>();
  private Job previous;
  private long moved;
  private long withoutExecutorsSince;

  private record Job(String description, long since) {
    /** Jobs of one kind take about as long: {@code round}, {@code checkpoint}. */
    String kind() {
      return description.split(" ", 2)[0];
    }
  }

  private record Executor(String host, long heard) {}

  private record RunningTask(
      int stage, int index, String executor, TaskActivity activity, boolean reported, long since) {}

  /**
   * Activity from now on.
   *
   * @param clock of the driver, nanoseconds
   */
  RunActivity(LongSupplier clock) {
    this.clock = clock;
    moved = clock.getAsLong();
    withoutExecutorsSince = moved;
    previous = new Job("start", moved);
  }

  /** An executor that was there before this listener. */
  synchronized void present(String executor, String host) {
    executors.putIfAbsent(executor, new Executor(host, clock.getAsLong()));
  }

  @Override
  public synchronized void onJobStart(SparkListenerJobStart event) {
    String description =
        event.properties() == null ? "job" : event.properties().getProperty(DESCRIPTION, "job");
    if (jobs.isEmpty()) {
      remember(DRIVER_WORK, previous.since);
    }
    jobs.put(event.jobId(), new Job(description, move()));
  }

  @Override
  public synchronized void onJobEnd(SparkListenerJobEnd event) {
    Job ended = jobs.remove(event.jobId());
    if (ended == null) {
      return;
    }
    remember(ended.kind(), ended.since);
    previous = new Job(ended.description, move());
    if (jobs.isEmpty()) {
      stages.clear();
      tasks.clear();
      finishedTasks.clear();
    }
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted event) {
    stages.put(event.stageInfo().stageId(), event.stageInfo());
    finishedTasks.put(event.stageInfo().stageId(), 0);
  }

  @Override
  public synchronized void onStageCompleted(SparkListenerStageCompleted event) {
    stages.remove(event.stageInfo().stageId());
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart event) {
    tasks.put(
        event.taskInfo().taskId(),
        new RunningTask(
            event.stageId(),
            event.taskInfo().index(),
            event.taskInfo().executorId(),
            null,
            false,
            clock.getAsLong()));
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
    if (event.taskInfo() != null) {
      tasks.remove(event.taskInfo().taskId());
    }
    if (event.reason() == Success$.MODULE$) {
      finishedTasks.merge(event.stageId(), 1, Integer::sum);
      move();
    }
  }

  @Override
  public synchronized void onExecutorAdded(SparkListenerExecutorAdded event) {
    executors.put(
        event.executorId(), new Executor(event.executorInfo().executorHost(), clock.getAsLong()));
  }

  @Override
  public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved event) {
    executors.remove(event.executorId());
    if (executors.isEmpty()) {
      withoutExecutorsSince = clock.getAsLong();
    }
  }

  @Override
  public synchronized void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate event) {
    executors.computeIfPresent(
        event.execId(), (id, executor) -> new Executor(executor.host, clock.getAsLong()));
    for (Tuple4<Object, Object, Object, Seq<AccumulableInfo>> update :
        JavaConverters.seqAsJavaList(event.accumUpdates())) {
      for (AccumulableInfo value : JavaConverters.seqAsJavaList(update._4())) {
        if (value.update().isDefined() && value.update().get() instanceof TaskActivity activity) {
          tasks.computeIfPresent((Long) update._1(), (id, task) -> reported(task, activity));
        }
      }
    }
  }

  private RunningTask reported(RunningTask task, TaskActivity activity) {
    boolean first = task.activity == null;
    // A closure may hold several copies of the report; the one that is written to is ahead.
    if (!first && activity.moves() <= task.activity.moves()) {
      return task;
    }
    long now = move();
    long since = !first && activity.activity() == task.activity.activity() ? task.since : now;
    return new RunningTask(task.stage, task.index, task.executor, activity, true, since);
  }

  private long move() {
    moved = clock.getAsLong();
    return moved;
  }

  private void remember(String kind, long since) {
    Deque<Double> known = durations.computeIfAbsent(kind, k -> new ArrayDeque<>());
    known.addLast((clock.getAsLong() - since) / 1e9);
    if (known.size() > REMEMBERED) {
      known.removeFirst();
    }
  }

  /** How things stand. */
  synchronized Standing look() {
    long now = clock.getAsLong();
    Job job = jobs.values().stream().reduce((first, last) -> last).orElse(null);
    String kind = job == null ? DRIVER_WORK : job.kind();
    return new Standing(
        job == null ? "the driver's work after " + previous.description : job.description,
        kind,
        job == null,
        seconds(now - moved),
        usual(kind),
        stages.values().stream().map(this::line).toList(),
        tasks.values().stream()
            .sorted(Comparator.comparingLong(RunningTask::since))
            .map(task -> line(task, now))
            .toList(),
        executors.entrySet().stream()
            .map(
                entry ->
                    new Standing.Executor(
                        entry.getKey(),
                        entry.getValue().host,
                        seconds(now - entry.getValue().heard)))
            .toList(),
        executors.isEmpty() ? seconds(now - withoutExecutorsSince) : 0);
  }

  private Standing.Stage line(StageInfo stage) {
    int running = (int) tasks.values().stream().filter(t -> t.stage == stage.stageId()).count();
    return new Standing.Stage(
        stage.name(), stage.numTasks(), finishedTasks.getOrDefault(stage.stageId(), 0), running);
  }

  private Standing.Task line(RunningTask task, long now) {
    Executor executor = executors.get(task.executor);
    return new Standing.Task(
        task.reported
            ? task.activity.text()
            : "task %d has not said yet what it does".formatted(task.index),
        task.executor,
        executor == null ? "lost" : executor.host,
        seconds(now - task.since));
  }

  /** The median. */
  private OptionalDouble usual(String kind) {
    List<Double> known = new ArrayList<>(durations.getOrDefault(kind, new ArrayDeque<>()));
    if (known.size() < USUAL_NEEDS) {
      return OptionalDouble.empty();
    }
    known.sort(null);
    return OptionalDouble.of(known.get(known.size() / 2));
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }
}
