package org.latte4j.spark.watchdog;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.spark.TaskContext;
import org.latte4j.spark.averaging.Activity;
import org.latte4j.spark.averaging.LocalResult;
import org.latte4j.spark.averaging.LocalSteps;
import org.latte4j.spark.averaging.ParameterTensor;
import org.latte4j.spark.averaging.Replica;
import org.latte4j.spark.averaging.StateVector;

/** Local steps of which one worker hangs in a chosen phase, in this JVM, until it is released. */
final class HangingSteps implements LocalSteps<HangingSteps.Hanging> {
  private static final long serialVersionUID = 1L;
  static final List<ParameterTensor> TENSORS = List.of(new ParameterTensor("a", List.of(10)));

  private static volatile CountDownLatch released = new CountDownLatch(0);

  private final Activity phase;
  private final long hangingRound;

  HangingSteps(Activity phase, long round) {
    this.phase = phase;
    this.hangingRound = round;
    released = new CountDownLatch(1);
  }

  static void release() {
    released.countDown();
  }

  static void hang() {
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public int stepsPerRound() {
    return 1;
  }

  @Override
  public Hanging newReplica() {
    return new Hanging(phase, "round " + hangingRound);
  }

  @Override
  public LocalResult run(Hanging replica, int worker, long round) {
    replica.mayHang(Activity.STEPS);
    return new LocalResult(List.of(), 0, 0);
  }

  static final class Hanging implements Replica {
    private final Activity phase;
    private final String job;

    Hanging(Activity phase, String job) {
      this.phase = phase;
      this.job = job;
    }

    private void mayHang(Activity now) {
      TaskContext task = TaskContext.get();
      if (now == phase
          && task.partitionId() == 1
          && job.equals(task.getLocalProperty("spark.job.description"))) {
        hang();
      }
    }

    @Override
    public void load(StateVector vector, long offset, FloatBuffer values) {
      mayHang(Activity.LOAD);
    }

    @Override
    public void store(StateVector vector, long offset, FloatBuffer into) {
      mayHang(Activity.EMIT);
    }

    @Override
    public void close() {}
  }
}
