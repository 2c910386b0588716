package org.latte4j.spark.averaging;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * The replicas of this JVM that no task is using. They are large and costly to make, so they
 * outlive tasks; each task has one to itself. Thread-safe.
 *
 * <p>A JVM keeps replicas of one training run only: borrowing for another run frees the idle ones
 * of the run before.
 */
final class ReplicaPool {
  private static final ReplicaPool INSTANCE = new ReplicaPool();

  private final Deque<Replica> idle = new ArrayDeque<>();
  private String run = "";

  private ReplicaPool() {}

  static ReplicaPool instance() {
    return INSTANCE;
  }

  /** An idle replica of the run, or a new one. The caller gives it back or closes it. */
  Replica borrow(String ofRun, Supplier<? extends Replica> newReplica) {
    synchronized (this) {
      if (!run.equals(ofRun)) {
        closeIdle();
        run = ofRun;
      }
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    return newReplica.get();
  }

  /** Takes back a replica that is in working order. */
  synchronized void giveBack(String ofRun, Replica replica) {
    if (run.equals(ofRun)) {
      idle.push(replica);
    } else {
      replica.close();
    }
  }

  /** Frees the idle replicas of a run that has ended. */
  synchronized void end(String ofRun) {
    if (run.equals(ofRun)) {
      closeIdle();
      run = "";
    }
  }

  private synchronized void closeIdle() {
    idle.forEach(Replica::close);
    idle.clear();
  }
}
