package org.latte4j.spark.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import org.latte4j.data.clip.ClipCatalog;
import org.latte4j.data.clip.ClipReader;
import org.latte4j.data.clip.ClipWindow;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.ShardFile;
import org.latte4j.data.shard.ShardReader;

/**
 * How fast one thread reads a data set: its rows from the first to the last, and the clips that a
 * training plan asks for. Nothing is kept between rows, so that files are read whatever their size.
 */
public final class ReadBenchmark {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final long NO_CACHE = 0;
  private static final long SEED = 0;

  private final LatentShards shards;
  private final ClipWindow window;

  /** A measurement of a finished data set with clips of this kind. */
  public ReadBenchmark(LatentShards shards, ClipWindow window) {
    this.shards = shards;
    this.window = window;
  }

  /**
   * What was read.
   *
   * @param what rows or clips
   * @param count of them
   * @param momentBytes half-precision moments of the rows that were decoded, or of the frames that
   *     clips were drawn from
   * @param cpuSeconds processor time of the thread
   * @param elapsedSeconds by the clock
   */
  public record Pass(
      String what, long count, long momentBytes, double cpuSeconds, double elapsedSeconds) {
    /** Millions of bytes of moments a second of processor time. */
    public double megabytesPerCpuSecond() {
      return 1e-6 * momentBytes / cpuSeconds;
    }
  }

  /** Work that is timed. */
  private interface Reading {
    /** The count and bytes that were read. */
    long[] read() throws IOException;
  }

  /** Reads every row once, verified as in training. */
  public Pass rows() throws IOException {
    return timed(
        "rows",
        () -> {
          long count = 0;
          long bytes = 0;
          try (ShardReader reader = shards.reader(NO_CACHE)) {
            List<ShardFile> files = shards.manifest().files();
            for (int file = 0; file < files.size(); file++) {
              int rows = files.get(file).rows();
              for (int row = 0; row < rows; row++) {
                bytes += reader.segment(file, row).moments().length;
                count++;
              }
            }
          }
          return new long[] {count, bytes};
        });
  }

  /**
   * Draws clips as a run of one worker does, posterior and all.
   *
   * @param cacheBytes as {@code train.cache}
   */
  public Pass clips(int clips, long cacheBytes) throws IOException {
    ClipCatalog catalog = ClipCatalog.of(shards.manifest(), window);
    TrainingPlan plan = new TrainingPlan(SEED, catalog.size(), 1, 1, 1);
    return timed(
        "clips",
        () -> {
          try (ClipReader reader = new ClipReader(shards, catalog, SEED, cacheBytes)) {
            float[] clip = new float[reader.shape().length()];
            for (int round = 0; round < clips; round++) {
              reader.read(plan.visit(0, round, 0, 0), clip, 0);
            }
            return new long[] {clips, 4L * clips * reader.shape().length()};
          }
        });
  }

  private static Pass timed(String what, Reading reading) throws IOException {
    long cpu = THREADS.getCurrentThreadCpuTime();
    long begin = System.nanoTime();
    long[] read = reading.read();
    return new Pass(
        what,
        read[0],
        read[1],
        (THREADS.getCurrentThreadCpuTime() - cpu) / 1e9,
        (System.nanoTime() - begin) / 1e9);
  }
}
