package org.latte4j.spark.chaos;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.bytedeco.javacpp.Pointer;

/**
 * Memory that a process of Spark's holds.
 *
 * @param heap bytes of the heap in use after a collection
 * @param offHeap bytes of arrays outside the heap, as JavaCPP counts them
 * @param resident bytes of the process in memory
 */
record Footprint(long heap, long offHeap, long resident) implements Serializable {
  /** Of this process. */
  static Footprint here() {
    for (int i = 0; i < 3; i++) {
      System.gc();
      // Spark's cleaner lets go of what the collection has found.
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    Runtime runtime = Runtime.getRuntime();
    return new Footprint(
        runtime.totalMemory() - runtime.freeMemory(),
        Pointer.totalBytes(),
        Pointer.physicalBytes());
  }

  /** Of every executor, by its id. */
  static Map<String, Footprint> ofExecutors(JavaSparkContext spark, int executors) {
    Map<String, Footprint> footprints = new TreeMap<>();
    List<Integer> tasks = IntStream.range(0, 4 * executors).boxed().toList();
    for (int tries = 0; footprints.size() < executors && tries < 20; tries++) {
      spark
          .parallelize(tasks, tasks.size())
          .mapToPair(task -> new scala.Tuple2<>(SparkEnv.get().executorId(), here()))
          .collect()
          .forEach(found -> footprints.put(found._1, found._2));
    }
    return footprints;
  }

  /** Bytes of the files below a folder. */
  static long disk(Path folder) {
    if (!Files.exists(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.mapToLong(Footprint::size).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (NoSuchFileException e) {
      return 0; // Removed meanwhile.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "heap %.1f MB, native %.1f MB, resident %.0f MB",
        heap / 1e6,
        offHeap / 1e6,
        resident / 1e6);
  }
}
