package org.latte4j.model.kernels;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A fixed set of threads, the caller among them, that share out the chunks of one operation after
 * the other. Which thread runs which chunk is left to chance, so chunks must not depend on it.
 */
final class Workers implements AutoCloseable {
  /** A part of an operation. */
  @FunctionalInterface
  interface Chunk {
    void run(int chunk, Scratch scratch);
  }

  private final Scratch[] scratch;
  private final Thread[] threads;
  private final Semaphore start = new Semaphore(0);
  private final Semaphore done = new Semaphore(0);
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private Chunk body;
  private int chunks;
  private volatile boolean closed;

  Workers(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("the number of threads must be 1 or more, not " + count);
    }
    scratch = new Scratch[count];
    threads = new Thread[count - 1];
    for (int i = 0; i < count; i++) {
      scratch[i] = new Scratch();
    }
    for (int i = 0; i < threads.length; i++) {
      Scratch own = scratch[i + 1];
      threads[i] = new Thread(() -> serve(own), "latte-kernels-" + (i + 1));
      threads[i].setDaemon(true);
      threads[i].start();
    }
  }

  int count() {
    return scratch.length;
  }

  /** Runs chunks 0..chunks-1, each once, and returns when all have ended. */
  void run(int chunkCount, Chunk operation) {
    if (closed) {
      throw new IllegalStateException("these kernels are closed");
    }
    int helpers = Math.min(threads.length, chunkCount - 1);
    if (helpers <= 0) {
      for (int i = 0; i < chunkCount; i++) {
        operation.run(i, scratch[0]);
      }
      return;
    }
    body = operation;
    chunks = chunkCount;
    next.set(0);
    start.release(helpers);
    takeChunks(scratch[0]);
    done.acquireUninterruptibly(helpers);
    body = null;
    Throwable failed = failure.getAndSet(null);
    if (failed instanceof RuntimeException exception) {
      throw exception;
    }
    if (failed instanceof Error error) {
      throw error;
    }
  }

  private void serve(Scratch own) {
    while (true) {
      start.acquireUninterruptibly();
      if (closed) {
        return;
      }
      takeChunks(own);
      done.release();
    }
  }

  private void takeChunks(Scratch own) {
    Chunk operation = body;
    int count = chunks;
    try {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        operation.run(i, own);
      }
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
      next.set(count);
    }
  }

  /** Ends the threads and frees their scratch memory. Closing twice is allowed. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    start.release(threads.length);
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    for (Scratch own : scratch) {
      own.close();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
