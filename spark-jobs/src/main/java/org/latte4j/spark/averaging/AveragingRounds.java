package org.latte4j.spark.averaging;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Trains by parameter averaging: one Spark job a round, in two stages. N workers gather the
 * averaged state, take local steps and emit their slices; the slices are averaged in worker order
 * and the moving average moves on.
 *
 * <p>Used by one thread at a time. Closing frees the state and this JVM's replicas.
 *
 * @param <R> the replica that the local steps train
 */
public final class AveragingRounds<R extends Replica> implements AutoCloseable {
  /** What Adam trains with: the vectors that are gathered and averaged unless others are set. */
  public static final Set<StateVector> ADAM =
      Set.of(StateVector.PARAMETERS, StateVector.FIRST_MOMENT, StateVector.SECOND_MOMENT);

  private static final AtomicLong RUNS = new AtomicLong();

  private final JavaSparkContext context;
  private final LocalSteps<R> steps;
  private final int workers;
  private final EmaDecay emaDecay;
  private final StorageLevel level;
  private final Lineage lineage;
  private final int roundsToRecoveryPoint;
  private final EnumSet<StateVector> own;
  private final String run;
  private final ActivityReport activities = new ActivityReport();
  private TrainingState recoveryPoint;
  private TrainingState state;

  private AveragingRounds(Builder<R> builder) {
    context = builder.context;
    steps = builder.steps;
    workers = builder.workers;
    emaDecay = builder.emaDecay;
    level = builder.level;
    lineage = builder.lineage;
    roundsToRecoveryPoint = builder.roundsToRecoveryPoint;
    own = builder.own;
    run = context.sc().applicationId() + "/" + RUNS.getAndIncrement();
    context.sc().register(activities);
    state =
        TrainingState.fill(
            context,
            builder.plan,
            builder.vectors,
            builder.own,
            workers,
            builder.initial,
            builder.rounds,
            level,
            activities);
    recoveryPoint = state;
  }

  /** Begins the description of a training run. */
  public static <R extends Replica> Builder<R> of(
      JavaSparkContext context, LocalSteps<R> steps, SlicePlan plan, InitialState initial) {
    return new Builder<>(context, steps, plan, initial);
  }

  /** The state after the last finished round. */
  public TrainingState state() {
    return state;
  }

  /**
   * Runs the next round.
   *
   * @throws RoundFailedException if it could not be finished; {@link #state} is as before
   * @throws StateLostException if the state before the round is gone
   */
  public RoundMetrics advance() {
    long round = state.rounds();
    long begin = System.nanoTime();
    context.setJobDescription("round " + round);
    PhaseClock clock = new PhaseClock();
    context.sc().register(clock, "phases of round " + round);
    TrainingState next = null;
    List<WorkerMetrics> metrics;
    try {
      next = plan(round, clock);
      metrics = next.collectMetrics();
    } catch (Exception e) {
      if (next != null) {
        next.forget(false);
      }
      StateLostException.throwIfReason(e);
      throw new RoundFailedException(round, e);
    } finally {
      context.clearCallSite();
      context.setJobDescription(null);
    }
    moveOnTo(next);
    long end = System.nanoTime();
    return new RoundMetrics(round, metrics, (end - begin) / 1e9, clock.wallSeconds(begin, end));
  }

  /**
   * Replaces the state by an equal one that depends on no earlier round: the checkpoint just
   * written of it. Executors read it back; Spark forgets the rounds before.
   *
   * @param checkpoint reads the values of the present state
   */
  public void restartFrom(InitialState checkpoint) {
    TrainingState read =
        TrainingState.fill(
            context,
            state.plan(),
            state.gathered(),
            own,
            workers,
            checkpoint,
            state.rounds(),
            level,
            activities);
    state.forget(false);
    recoveryPoint.forget(false);
    recoveryPoint = read;
    state = read;
  }

  /** Forgets what the new state does not need: all before it, if it is a recovery point. */
  private void moveOnTo(TrainingState next) {
    if (state != recoveryPoint) {
      state.forget(false);
    }
    if (isRecoveryPoint(next.rounds())) {
      next.forgetShuffle(false);
      recoveryPoint.forget(false);
      recoveryPoint = next;
    }
    state = next;
  }

  private boolean isRecoveryPoint(long rounds) {
    return lineage == Lineage.NONE || rounds - recoveryPoint.rounds() >= roundsToRecoveryPoint;
  }

  /**
   * Where a state is kept. A recovery point lies on two executors: Spark copies each slice when it
   * is stored, and again when one of the two is lost.
   */
  private StorageLevel keeping(long rounds) {
    return lineage == Lineage.RECENT_ROUNDS && isRecoveryPoint(rounds)
        ? StorageLevel.apply(
            level.useDisk(),
            level.useMemory(),
            level.useOffHeap(),
            level.deserialized(),
            Math.max(2, level.replication()))
        : level;
  }

  @Override
  public void close() {
    // Waits for executors: their answers would otherwise meet a Spark that is shutting down.
    recoveryPoint.forget(true);
    state.forget(true);
    ReplicaPool.instance().end(run);
  }

  /** The RDDs of the state after a round; nothing runs yet. */
  private TrainingState plan(long round, PhaseClock clock) {
    SlicePlan plan = state.plan();
    StorageLevel kept = keeping(round + 1);
    context.setCallSite("round %d: gather and local steps".formatted(round));
    RDD<Tuple2<BlockKey, EmittedBlock>> emitted =
        new AllGatherRdd(state.averaged(), state.ownState(), workers)
            .toJavaRDD()
            .mapPartitions(
                new WorkerTask<>(steps, plan, state.gathered(), own, run, round, clock, activities))
            .rdd();
    context.setCallSite("round %d: average".formatted(round));
    ShuffleDependency<BlockKey, EmittedBlock, EmittedBlock> shuffle =
        AverageRdd.shuffle(emitted, plan, own);
    AverageRdd averaged =
        new AverageRdd(shuffle, plan, EnumSet.copyOf(state.gathered()), activities);
    averaged.persist(kept);
    Optional<RDD<byte[]>> ownState =
        own.isEmpty()
            ? Optional.empty()
            : Optional.of(new OwnStateRdd(shuffle, plan, own).persist(kept));
    RDD<byte[]> movingAverage =
        state
            .movingAverage()
            .zipPartitions(
                averaged,
                new MovingAverage(
                    plan, emaDecay.over(steps.firstStep(round), steps.stepsPerRound())),
                TrainingState.BYTES,
                TrainingState.BYTES)
            .persist(kept);
    if (isRecoveryPoint(round + 1)) {
      averaged.localCheckpoint();
      movingAverage.localCheckpoint();
      ownState.ifPresent(RDD::localCheckpoint);
    }
    return new TrainingState(
        averaged, movingAverage, ownState, plan, state.gathered(), own, round + 1, activities);
  }

  /**
   * Describes a training run.
   *
   * @param <R> the replica that the local steps train
   */
  public static final class Builder<R extends Replica> {
    private final JavaSparkContext context;
    private final LocalSteps<R> steps;
    private final SlicePlan plan;
    private final InitialState initial;
    private int workers = 2;
    private EmaDecay emaDecay = new EmaDecay(0.9999, EmaDecay.Start.AT_ONCE);
    private Set<StateVector> vectors = ADAM;
    private EnumSet<StateVector> own = EnumSet.noneOf(StateVector.class);
    // In files, that is in the system's page cache as long as memory lasts: executors need no heap
    // for it, it is sent to other machines without a copy, and Spark reads the files of other
    // executors of the same machine where they lie.
    private StorageLevel level = StorageLevel.DISK_ONLY();
    private Lineage lineage;
    private int roundsToRecoveryPoint = 8;
    private long rounds;

    private Builder(
        JavaSparkContext context, LocalSteps<R> steps, SlicePlan plan, InitialState initial) {
      this.context = context;
      this.steps = steps;
      this.plan = plan;
      this.initial = initial;
      this.lineage = Lineage.suiting(context);
    }

    /** N: logical workers, at least 1; 2 unless set. Part of what the result follows from. */
    public Builder<R> workers(int count) {
      if (count < 1) {
        throw new IllegalArgumentException("averaging needs at least 1 worker, not " + count);
      }
      workers = count;
      return this;
    }

    /** Decay of the moving average for one step, in [0, 1), at once; 0.9999 unless set. */
    public Builder<R> emaDecay(double decay) {
      return emaDecay(new EmaDecay(decay, EmaDecay.Start.AT_ONCE));
    }

    /** Decay of the moving average for one step; 0.9999 at once unless set. */
    public Builder<R> emaDecay(EmaDecay decay) {
      emaDecay = decay;
      return this;
    }

    /**
     * The vectors that workers gather and that are averaged; Adam's three unless set. Every replica
     * must know them.
     */
    public Builder<R> vectors(Set<StateVector> averaged) {
      if (averaged.contains(StateVector.EMA) || !averaged.contains(StateVector.PARAMETERS)) {
        throw new IllegalArgumentException(
            "workers gather the parameters and never the moving average, unlike " + averaged);
      }
      vectors = averaged;
      return this;
    }

    /**
     * Vectors that every worker keeps for itself from round to round, and that are not averaged;
     * none unless set. They are not among {@link #vectors}, and every replica must know them.
     */
    public Builder<R> ownVectors(Set<StateVector> kept) {
      if (kept.contains(StateVector.EMA) || kept.contains(StateVector.PARAMETERS)) {
        throw new IllegalArgumentException(
            "workers share the parameters and the moving average, unlike " + kept);
      }
      own = EnumSet.noneOf(StateVector.class);
      own.addAll(kept);
      return this;
    }

    /** Where executors keep the state; in files below {@code spark.local.dir} unless set. */
    public Builder<R> storageLevel(StorageLevel where) {
      level = where;
      return this;
    }

    /** What is kept of past rounds; {@link Lineage#suiting} unless set. */
    public Builder<R> lineage(Lineage kept) {
      lineage = kept;
      return this;
    }

    /**
     * Rounds after which the state is stored on two executors and the rounds before are forgotten,
     * at least 1; 8 unless set. Fewer cost more time while nothing is lost, and less when something
     * is. {@link Lineage#NONE} has no recovery points.
     */
    public Builder<R> recoveryPointEvery(int rounds) {
      if (rounds < 1) {
        throw new IllegalArgumentException("recovery points lie 1 round apart or more: " + rounds);
      }
      roundsToRecoveryPoint = rounds;
      return this;
    }

    /** Rounds that the initial state has gone through already; 0 unless set. */
    public Builder<R> afterRounds(long finished) {
      rounds = finished;
      return this;
    }

    /** Lets executors fill the initial state. */
    public AveragingRounds<R> start() {
      if (!Collections.disjoint(vectors, own)) {
        throw new IllegalArgumentException(
            "a vector is averaged or kept by each worker, and not both: %s and %s"
                .formatted(vectors, own));
      }
      return new AveragingRounds<>(this);
    }
  }
}
