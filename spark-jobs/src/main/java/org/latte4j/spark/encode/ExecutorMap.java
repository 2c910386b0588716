package org.latte4j.spark.encode;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.latte4j.data.encode.EncodeJson;

/** Applies a task to every record of a list, on the executors; records travel as JSON. */
public final class ExecutorMap {
  private static final int TASKS_PER_CORE = 8;

  private final JavaSparkContext spark;

  /** On a context's executors. */
  public ExecutorMap(JavaSparkContext spark) {
    this.spark = spark;
  }

  /**
   * The results in the order of the records.
   *
   * @param name of the stage
   */
  public <T extends Record> List<T> apply(
      String name, List<? extends Record> records, Function<String, String> task, Class<T> result) {
    if (records.isEmpty()) {
      return List.of();
    }
    int partitions = Math.min(records.size(), TASKS_PER_CORE * spark.defaultParallelism());
    spark.setCallSite(name);
    try {
      return spark
          .parallelize(records.stream().map(EncodeJson::write).toList(), partitions)
          .map(task)
          .collect()
          .stream()
          .map(json -> EncodeJson.read(json, result))
          .toList();
    } finally {
      spark.clearCallSite();
    }
  }
}
