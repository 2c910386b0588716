package org.latte4j.spark.encode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.data.encode.EncodeJson;
import org.latte4j.data.encode.EncodedShard;
import org.latte4j.data.encode.ShardPlan;
import org.latte4j.data.shard.RejectedVideo;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * The Spark side of an encode job: one task a file, those with most work first. Results are taken
 * in as they come, and the rest is cancelled as soon as too many videos are rejected. Used once.
 */
final class EncodeRun {
  private final JavaSparkContext spark;
  private final ShardPlan plan;
  private final double maxRejectedShare;
  private final Known known;
  private final int total;
  private final Set<String> divided;
  private final EncodeProgress progress;
  private final String jobGroup = "encode-" + UUID.randomUUID();

  private final List<EncodedShard> finished = new ArrayList<>();
  private final List<RejectedVideo> rejected = new ArrayList<>();
  private int videos;
  private long frames;

  /**
   * A run, not started.
   *
   * @param known what is settled before it
   */
  EncodeRun(
      JavaSparkContext spark,
      ShardPlan plan,
      double maxRejectedShare,
      Known known,
      EncodeProgress progress) {
    this.spark = spark;
    this.plan = plan;
    this.maxRejectedShare = maxRejectedShare;
    this.known = known;
    this.total = known.videos() + EncodePlanner.videos(plan).size();
    this.divided =
        plan.shards().stream()
            .filter(shard -> shard.divided().isPresent())
            .map(ShardPlan.PlannedShard::name)
            .collect(Collectors.toSet());
    this.progress = progress;
  }

  /**
   * Videos that are settled before a run.
   *
   * @param videos encoded or rejected
   * @param rejected of them
   */
  record Known(int videos, List<RejectedVideo> rejected) {}

  /**
   * What became of every file, in the order in which they were finished.
   *
   * @throws TooManyRejectedException if more videos were rejected than is allowed
   * @throws IOException if a task failed for good
   */
  List<EncodedShard> run(EncodeTask task) throws IOException {
    if (plan.shards().isEmpty()) {
      return List.of();
    }
    List<String> tasks = plan.mostWorkFirst().stream().map(EncodeJson::write).toList();
    String description = "encode %d videos into %d files".formatted(plan.videos(), tasks.size());
    JavaRDD<String> planned = spark.parallelize(tasks, tasks.size()).setName("planned files");
    ClassTag<String> text = ClassTag$.MODULE$.apply(String.class);
    spark.setJobGroup(jobGroup, description, true);
    spark.setCallSite("encode videos");
    try {
      spark.sc().runJob(planned.rdd(), task, new TakeIn(), text);
    } catch (Exception e) { // Scala throws SparkException, a checked one, without declaring it
      if (!tooManyRejected()) {
        throw new IOException(
            "encoding failed: %s. Files that are done are kept: run the same job again"
                .formatted(e.getMessage()),
            e);
      }
    } finally {
      spark.clearCallSite();
      spark.clearJobGroup();
    }
    synchronized (this) {
      if (tooManyRejected()) {
        List<RejectedVideo> all = new ArrayList<>(known.rejected());
        all.addAll(rejected);
        throw new TooManyRejectedException(all, total, maxRejectedShare);
      }
      return List.copyOf(finished);
    }
  }

  private synchronized void takeIn(EncodedShard shard) {
    finished.add(shard);
    if (!divided.contains(shard.file().name())) {
      rejected.addAll(shard.rejected()); // a part's video gets another chance, undivided
    }
    videos += shard.videos();
    frames += shard.file().frames();
    progress.fileFinished(videos, plan.videos(), frames, rejected.size());
    if (tooManyRejected()) {
      spark.cancelJobGroup(jobGroup);
    }
  }

  private synchronized boolean tooManyRejected() {
    int all = known.rejected().size() + rejected.size();
    return all > maxRejectedShare * total || all == total;
  }

  /** Called on the driver, by Spark's scheduler, for each result. */
  private final class TakeIn extends AbstractFunction2<Object, String, BoxedUnit> {
    @Override
    public BoxedUnit apply(Object partition, String result) {
      takeIn(EncodeJson.read(result, EncodedShard.class));
      return BoxedUnit.UNIT;
    }
  }
}
