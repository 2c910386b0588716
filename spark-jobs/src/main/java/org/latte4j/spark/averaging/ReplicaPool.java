package org.latte4j.spark.averaging;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The replicas of this JVM that no task is using. They are large and costly to make, so they
 * outlive tasks; each task has one to itself. Thread-safe.
 *
 * <p>A replica stays on the device that it was made on, and is lent to tasks of that device alone.
 * A JVM keeps replicas of one training run only: borrowing for another run frees the idle ones of
 * the run before.
 */
final class ReplicaPool {
  private static final ReplicaPool INSTANCE = new ReplicaPool();

  /** By device. */
  private final Map<String, Deque<Replica>> idle = new HashMap<>();

  private String run = "";

  private ReplicaPool() {}

  static ReplicaPool instance() {
    return INSTANCE;
  }

  /** An idle replica of the run and device, or a new one. The caller gives it back or closes it. */
  Replica borrow(String ofRun, String device, Supplier<? extends Replica> newReplica) {
    synchronized (this) {
      if (!run.equals(ofRun)) {
        closeIdle();
        run = ofRun;
      }
      Deque<Replica> here = idle.getOrDefault(device, new ArrayDeque<>());
      if (!here.isEmpty()) {
        return here.pop();
      }
    }
    return newReplica.get();
  }

  /** Takes back a replica that is in working order. */
  synchronized void giveBack(String ofRun, String device, Replica replica) {
    if (run.equals(ofRun)) {
      idle.computeIfAbsent(device, name -> new ArrayDeque<>()).push(replica);
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
    idle.values().forEach(replicas -> replicas.forEach(Replica::close));
    idle.clear();
  }
}
