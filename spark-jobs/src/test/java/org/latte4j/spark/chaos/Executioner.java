package org.latte4j.spark.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.TaskContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.util.AccumulatorV2;
import org.apache.spark.util.TaskCompletionListener;
import org.latte4j.spark.averaging.ActivityReport;
import org.latte4j.spark.averaging.TaskActivity;
import scala.collection.JavaConverters;

/**
 * A Spark plugin that carries out {@link Order}s in executors. It looks at the phases that tasks
 * report to the watchdog, and sends its own process the signal: SIGKILL, as the kernel would when
 * memory is short, or SIGSTOP, as a machine that hangs.
 */
public final class Executioner implements SparkPlugin {
  static final String FOLDER = "spark.latte4j.chaos.orders";

  private static final Pattern NUMBER = Pattern.compile("(\\d+)$");
  private static final long BETWEEN_LOOKS = TimeUnit.MICROSECONDS.toNanos(50);
  private static final long BETWEEN_READS = TimeUnit.MILLISECONDS.toNanos(5);

  @Override
  public DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new InExecutor();
  }

  private static final class InExecutor implements ExecutorPlugin {
    private final Map<Long, TaskContext> running = new ConcurrentHashMap<>();
    private Path folder;
    private OutputStream signals;
    private boolean killed;

    @Override
    public void init(PluginContext context, Map<String, String> extra) {
      folder = Path.of(context.conf().get(FOLDER));
      // A shell that waits already: to start one takes longer than most activities do.
      String shell =
          "while read signal; do kill -s $signal " + ProcessHandle.current().pid() + "; done";
      try {
        signals = new ProcessBuilder("sh", "-c", shell).start().getOutputStream();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      Thread thread = new Thread(this::watch, "executioner");
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void onTaskStart() {
      TaskContext task = TaskContext.get();
      running.put(task.taskAttemptId(), task);
      task.addTaskCompletionListener(
          (TaskCompletionListener) ended -> running.remove(ended.taskAttemptId()));
    }

    private void watch() {
      try {
        while (!killed) {
          Optional<Order> order = Order.next(folder);
          long until = System.nanoTime() + BETWEEN_READS;
          do {
            if (order.isPresent()) {
              for (TaskContext task : running.values()) {
                if (!killed) {
                  carryOut(order.get(), task);
                }
              }
            }
            LockSupport.parkNanos(order.isPresent() ? BETWEEN_LOOKS : BETWEEN_READS);
          } while (!killed && System.nanoTime() < until);
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    private void carryOut(Order order, TaskContext task) throws IOException {
      TaskActivity phase = phase(task);
      String job = String.valueOf(task.getLocalProperty("spark.job.description"));
      Matcher round = NUMBER.matcher(job);
      if (phase.activity() != order.activity()
          || !round.find()
          || Long.parseLong(round.group(1)) < order.fromRound()) {
        return;
      }
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(order.delayMicros()));
      long process = ProcessHandle.current().pid();
      if (order.claim(folder, "%d %s %s %s".formatted(process, order.signal(), phase, job))) {
        signals.write((order.signal() + "\n").getBytes(StandardCharsets.US_ASCII));
        signals.flush();
        // What it took on in its last moment would not be carried out.
        killed = order.signal().equals("KILL");
      }
    }

    private static TaskActivity phase(TaskContext task) {
      TaskActivity latest = new ActivityReport().value();
      for (AccumulatorV2<?, ?> accumulator :
          JavaConverters.seqAsJavaList(task.taskMetrics().accumulators())) {
        if (accumulator instanceof ActivityReport report
            && report.value().moves() > latest.moves()) {
          latest = report.value();
        }
      }
      return latest;
    }
  }
}
