package org.latte4j.spark.preflight;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.model.settings.Settings;
import org.latte4j.spark.EnvironmentException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.JavaConverters;

/**
 * Examines every executor that is there: backend, GPU, and memory against what a network in
 * training needs. Executors that join later are not examined.
 */
public final class Preflight {
  /** What a problem leads to: the setting {@code spark.preflight}. */
  public enum Mode {
    /** The job ends before it begins. */
    REFUSE,
    /** The log tells. */
    WARN,
    /** Nothing is examined. */
    OFF
  }

  private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);
  private static final int TRIES = 3;

  private final JavaSparkContext context;
  private final Mode mode;

  /** For the executors of a context, as {@code spark.preflight} says. */
  public Preflight(JavaSparkContext context, Settings settings) {
    this.context = context;
    this.mode = settings.oneOf("spark.preflight", Mode.class);
  }

  /**
   * Examines the executors.
   *
   * @param replica what one network needs
   * @param workers networks that are in training at once
   * @throws EnvironmentException naming every problem, with host and card
   */
  public void check(ReplicaMemory replica, int workers) {
    if (mode == Mode.OFF) {
      return;
    }
    List<ExecutorReport> reports = reports();
    Judgement judgement = new Judgement(replica, replicasPerExecutor(workers), context.isLocal());
    List<String> problems = judgement.problems(reports);
    if (problems.isEmpty()) {
      return;
    }
    String message =
        "training does not fit these executors:\n  "
            + String.join("\n  ", problems)
            + "\nspark.preflight = warn trains all the same";
    if (mode == Mode.REFUSE) {
      throw new EnvironmentException(message);
    }
    LOG.warn(message);
  }

  /**
   * Waves of tasks, one for every slot: the scheduler hands the first tasks out round robin, so
   * each idle executor gets some. Tried again if one was missed all the same.
   */
  private List<ExecutorReport> reports() {
    List<ExecutorReport> reports = new ArrayList<>();
    Set<String> missing = executors();
    for (int tried = 0; tried == 0 || (tried < TRIES && !missing.isEmpty()); tried++) {
      reports.addAll(wave(Math.max(context.defaultParallelism(), missing.size())));
      missing = executors();
      missing.removeAll(reports.stream().map(ExecutorReport::executor).toList());
    }
    if (!missing.isEmpty()) {
      LOG.warn("preflight: these executors took no task and were not examined: {}", missing);
    }
    return reports;
  }

  private List<ExecutorReport> wave(int tasks) {
    context.setJobDescription("preflight");
    try {
      return context
          .parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
          .map(new ExecutorExamination())
          .collect()
          .stream()
          .map(ExecutorExamination::read)
          .toList();
    } finally {
      context.setJobDescription(null);
    }
  }

  /** Addresses of the block managers, but for the driver's where it is no executor. */
  private Set<String> executors() {
    Set<String> executors =
        new HashSet<>(JavaConverters.mapAsJavaMap(context.sc().getExecutorMemoryStatus()).keySet());
    if (!context.isLocal()) {
      executors.remove(SparkEnv.get().blockManager().blockManagerId().hostPort());
    }
    return executors;
  }

  /** Spark may give one executor as many workers as it has slots. */
  private int replicasPerExecutor(int workers) {
    SparkConf conf = context.getConf();
    int executors = Math.max(1, executors().size());
    int slots = context.defaultParallelism() / executors;
    if (conf.contains("spark.executor.cores")) {
      slots = conf.getInt("spark.executor.cores", 1);
    }
    return Math.max(1, Math.min(workers, slots / conf.getInt("spark.task.cpus", 1)));
  }
}
