package org.latte4j.spark.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.latte4j.data.clip.ClipCatalog;
import org.latte4j.data.clip.ClipDraw;
import org.latte4j.data.clip.ClipWindow;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.data.shard.ChannelRange;
import org.latte4j.data.shard.EncodedVideo;
import org.latte4j.data.shard.LatentEncoding;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.SegmentRow;
import org.latte4j.data.shard.Segmentation;
import org.latte4j.data.shard.ShardFile;
import org.latte4j.data.shard.ShardFormatException;

/**
 * What a training plan over a data set of any size costs, on a simulated manifest: a row a video,
 * 64 videos a file, names as UCF101's are.
 */
public final class PlanBenchmark {
  private static final int VIDEOS_IN_FILE = 64;
  private static final int FRAMES = 256;
  private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

  private final int rows;

  /** A measurement with so many rows. */
  public PlanBenchmark(int rows) {
    this.rows = rows;
  }

  /**
   * What it costs.
   *
   * @param rows in the simulated data set
   * @param heapBytes that manifest and catalog hold
   * @param samples of the rounds, all workers'
   * @param roundSeconds longest time of a round: which video and which of its frames, every sample
   */
  public record Result(int rows, long heapBytes, long samples, double roundSeconds) {}

  /**
   * Draws rounds spread over a run.
   *
   * @param plan of any number of videos; that of the simulated data set takes its place
   */
  public Result run(TrainingPlan plan, ClipWindow window, int rounds) throws ShardFormatException {
    long before = usedHeap();
    Manifest manifest = manifest();
    ClipCatalog catalog = ClipCatalog.of(manifest, window);
    long held = usedHeap() - before;
    TrainingPlan sized =
        new TrainingPlan(
            plan.seed(), catalog.size(), plan.workers(), plan.localSteps(), plan.batch());
    double longest = 0;
    for (int i = 0; i < rounds; i++) {
      long begin = System.nanoTime();
      draw(sized, catalog, 1_000L * i);
      longest = Math.max(longest, (System.nanoTime() - begin) / 1e9);
    }
    return new Result(manifest.videos(), held, sized.samplesPerRound() * rounds, longest);
  }

  private static void draw(TrainingPlan plan, ClipCatalog catalog, long round) {
    for (int worker = 0; worker < plan.workers(); worker++) {
      for (int step = 0; step < plan.localSteps(); step++) {
        for (int item = 0; item < plan.batch(); item++) {
          ClipDraw draw = ClipDraw.of(catalog, plan.seed(), plan.visit(worker, round, step, item));
          if (draw.start() < 0) {
            throw new IllegalStateException("drawn before its video: " + draw);
          }
        }
      }
    }
  }

  private static long usedHeap() {
    System.gc();
    return MEMORY.getHeapMemoryUsage().getUsed();
  }

  private Manifest manifest() {
    List<ShardFile> files = new ArrayList<>();
    int count = (rows + VIDEOS_IN_FILE - 1) / VIDEOS_IN_FILE;
    for (int file = 0; file < count; file++) {
      List<EncodedVideo> videos = new ArrayList<>();
      int end = Math.min(rows, (file + 1) * VIDEOS_IN_FILE);
      for (int video = file * VIDEOS_IN_FILE; video < end; video++) {
        int label = video % 101;
        videos.add(
            new EncodedVideo(
                "ApplyEyeMakeup/v_ApplyEyeMakeup_g%07d_c01.avi".formatted(video),
                400_000 + video,
                (400_000 + video) + "-1700000000000",
                label,
                "train",
                FRAMES,
                List.of(new SegmentRow(0, FRAMES, false))));
      }
      files.add(
          new ShardFile(
              "part-%05d-of-%05d.parquet".formatted(file, count),
              1,
              "%064x".formatted(file),
              videos));
    }
    return new Manifest(
        new LatentEncoding("simulated", "none", 4, 32, 32, 1),
        new Segmentation(FRAMES, 64),
        Map.of(),
        List.of(),
        Collections.nCopies(4, new ChannelRange(-1, 1)),
        files,
        List.of());
  }
}
