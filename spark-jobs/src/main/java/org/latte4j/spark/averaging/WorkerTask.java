package org.latte4j.spark.averaging;

import java.util.BitSet;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.util.TaskCompletionListener;
import org.latte4j.spark.device.TaskDevice;
import scala.Tuple2;

/** One worker's part of a round: gather the averaged slices, take local steps, emit slices. */
final class WorkerTask<R extends Replica>
    implements FlatMapFunction<
        Iterator<Tuple2<Integer, Iterator<byte[]>>>, Tuple2<BlockKey, EmittedBlock>> {
  private static final long serialVersionUID = 1L;

  private final LocalSteps<R> steps;
  private final SlicePlan plan;
  private final EnumSet<StateVector> vectors;
  private final EnumSet<StateVector> own;
  private final String run;
  private final long round;
  private final PhaseClock clock;
  private final ActivityReport activities;

  /**
   * @param vectors the vectors to gather and emit
   * @param own the vectors that the worker keeps for itself
   * @param run names the training run that replicas are kept for
   * @param clock is told how long each phase took
   * @param activities tells the driver what the task is doing
   */
  WorkerTask(
      LocalSteps<R> steps,
      SlicePlan plan,
      Set<StateVector> vectors,
      EnumSet<StateVector> own,
      String run,
      long round,
      PhaseClock clock,
      ActivityReport activities) {
    this.steps = steps;
    this.plan = plan;
    this.vectors = EnumSet.copyOf(vectors);
    this.own = own;
    this.run = run;
    this.round = round;
    this.clock = clock;
    this.activities = activities;
  }

  @Override
  public Iterator<Tuple2<BlockKey, EmittedBlock>> call(
      Iterator<Tuple2<Integer, Iterator<byte[]>>> averaged) throws Exception {
    int worker = TaskContext.getPartitionId();
    activities.enter(Activity.GATHER, worker);
    TaskDevice device = TaskDevice.ofThisTask();
    device.bind();
    @SuppressWarnings("unchecked")
    R replica = (R) ReplicaPool.instance().borrow(run, device.name(), steps::newReplica);
    WorkerMetrics metrics;
    try {
      metrics = train(replica, worker, averaged);
    } catch (Exception | Error e) {
      replica.close();
      throw e;
    }
    long trained = System.nanoTime();
    activities.enter(Activity.EMIT, worker);
    // The blocks are views on the replica, which stays ours until they have been written.
    TaskContext.get()
        .addTaskCompletionListener(
            (TaskCompletionListener)
                context -> {
                  time(metrics, System.nanoTime() - trained);
                  ReplicaPool.instance().giveBack(run, device.name(), replica);
                });
    Stream<Tuple2<BlockKey, EmittedBlock>> blocks =
        plan.slices().stream()
            .flatMap(
                slice ->
                    Stream.concat(vectors.stream(), own.stream())
                        .map(
                            vector ->
                                new Tuple2<>(
                                    BlockKey.of(slice, vector, worker),
                                    EmittedBlock.of(replica, vector, slice))));
    Tuple2<BlockKey, EmittedBlock> report =
        new Tuple2<>(
            BlockKey.metrics(worker % plan.slices().size(), worker),
            EmittedBlock.of(JavaBytes.of(metrics)));
    return Stream.concat(Stream.of(report), blocks).iterator();
  }

  private WorkerMetrics train(
      R replica, int worker, Iterator<Tuple2<Integer, Iterator<byte[]>>> averaged)
      throws Exception {
    BitSet loaded = new BitSet();
    long begin = System.nanoTime();
    long loading = 0;
    while (averaged.hasNext()) {
      Tuple2<Integer, Iterator<byte[]>> partition = averaged.next();
      if (partition._1 == AllGatherRdd.OWN) {
        loading += loadOwn(replica, worker, partition._2);
      } else {
        Slice slice = plan.slices().get(partition._1);
        partition._2.next(); // The metrics of the round before.
        loading += load(replica, worker, slice, vectors, partition._2);
        requireEnd(partition._2, "slice %d of the averaged state".formatted(slice.index()));
        loaded.set(slice.index());
      }
    }
    if (loaded.cardinality() != plan.slices().size()) {
      throw new IllegalStateException(
          "round %d: slice %d is missing from the averaged state"
              .formatted(round, loaded.nextClearBit(0)));
    }
    long gathered = System.nanoTime();
    activities.enter(Activity.STEPS, worker);
    LocalResult result = steps.run(replica, worker, round);
    long end = System.nanoTime();
    BlockManagerId executor = SparkEnv.get().blockManager().blockManagerId();
    return new WorkerMetrics(
        worker,
        executor.host() + "/" + executor.executorId(),
        result,
        seconds(gathered - begin - loading),
        seconds(loading),
        seconds(end - gathered));
  }

  private void time(WorkerMetrics worker, long shuffleNanos) {
    clock.add(new PhaseClock.Spent(Phase.GATHER, worker.gatherSeconds()));
    clock.add(new PhaseClock.Spent(Phase.LOAD, worker.loadSeconds()));
    clock.add(new PhaseClock.Spent(Phase.DATA, worker.local().dataSeconds()));
    clock.add(
        new PhaseClock.Spent(Phase.STEPS, worker.stepSeconds() - worker.local().dataSeconds()));
    clock.add(new PhaseClock.Spent(Phase.SHUFFLE, seconds(shuffleNanos)));
  }

  private long loadOwn(R replica, int worker, Iterator<byte[]> pieces) {
    long loading = 0;
    for (Slice slice : plan.slices()) {
      loading += load(replica, worker, slice, own, pieces);
    }
    requireEnd(pieces, "the worker's own state");
    return loading;
  }

  /** Loads a slice of vectors; tells how many nanoseconds of that went into copying. */
  private long load(
      R replica, int worker, Slice slice, EnumSet<StateVector> vectors, Iterator<byte[]> pieces) {
    long loading = 0;
    for (StateVector vector : vectors) {
      for (int at = 0; at < slice.length(); at += Pieces.LONGEST) {
        byte[] piece = pieces.next();
        activities.enter(Activity.LOAD, worker);
        long from = System.nanoTime();
        replica.load(vector, slice.offset() + at, Pieces.floats(piece));
        loading += System.nanoTime() - from;
        activities.enter(Activity.GATHER, worker);
      }
    }
    return loading;
  }

  private void requireEnd(Iterator<byte[]> pieces, String what) {
    if (pieces.hasNext()) {
      throw new IllegalStateException("round %d: %s is too long".formatted(round, what));
    }
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }
}
