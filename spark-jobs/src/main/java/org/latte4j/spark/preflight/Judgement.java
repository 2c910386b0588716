package org.latte4j.spark.preflight;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Decides from the executors' reports whether training can start.
 *
 * @param replica what one network needs
 * @param replicasPerExecutor networks that an executor may hold at once
 * @param local whether executors are threads of the driver: Spark assigns no GPUs there
 */
record Judgement(ReplicaMemory replica, int replicasPerExecutor, boolean local) {
  private static final double GIBIBYTE = 1 << 30;

  /** Every reason against it, each with host and what to do; empty if there is none. */
  List<String> problems(List<ExecutorReport> reports) {
    Set<String> problems = new LinkedHashSet<>();
    for (ExecutorReport report : reports) {
      if (report.cuda()) {
        problems.addAll(problemsOfGpu(report));
      } else {
        problems.addAll(problemsOfCpu(report));
      }
      if (!report.failure().isEmpty()) {
        problems.add(
            "%s: ND4J does not start: %s. bin/latte doctor on that machine says more"
                .formatted(place(report), report.failure()));
      }
    }
    problems.addAll(problemsOfHosts(reports));
    return List.copyOf(problems);
  }

  private List<String> problemsOfGpu(ExecutorReport report) {
    List<String> problems = new ArrayList<>();
    if (!report.onGpu() && !local) {
      problems.add(
          report.host()
              + ": the CUDA build is on the class path, but Spark assigns no GPU to tasks: set"
              + " spark.executor.resource.gpu.amount, spark.task.resource.gpu.amount = 1 and the"
              + " discovery script bin/gpu-addresses (see conf/clusters)");
    }
    if (!report.capabilitySupported()) {
      problems.add(
          "%s: compute capability %s, and ND4J's CUDA 11.6 library holds machine code for 3.7 to 8.6 only (which runs on 8.9 too, not on 9.0 and newer): use other cards for this job, or the CPU build"
              .formatted(place(report), report.capability()));
    }
    if (report.cardFreeBytes() > 0 && replica.bytes() > report.cardFreeBytes()) {
      problems.add(
          "%s: %s free on the card, and a network in training needs about %s (%s): lower train.micro-batch, choose a smaller model, or end what else runs on the card"
              .formatted(
                  place(report), size(report.cardFreeBytes()), size(replica.bytes()), parts()));
    }
    return problems;
  }

  private List<String> problemsOfCpu(ExecutorReport report) {
    List<String> problems = new ArrayList<>();
    if (report.onGpu()) {
      problems.add(
          "%s: Spark reserves %s for every task, and this is the CPU build, which would leave it idle: use the CUDA build (mvn package -Pcuda), or take spark.executor.resource.gpu and spark.task.resource.gpu out"
              .formatted(report.host(), report.device()));
    }
    long needed = replica.bytes() * replicasPerExecutor;
    long free = report.nativeLimitBytes() - report.nativeUsedBytes();
    if (report.nativeLimitBytes() > 0 && needed > free) {
      problems.add(
          "%s: %s, and JavaCPP's limit leaves %s: raise -Dorg.bytedeco.javacpp.maxbytes (in spark.executor.extraJavaOptions; LATTE_JAVA_OPTS for bin/latte with a local master), or lower train.micro-batch or spark.executor.cores"
              .formatted(place(report), need(replicasPerExecutor), size(free)));
    }
    return problems;
  }

  /** Executors of one machine share its memory. */
  private List<String> problemsOfHosts(List<ExecutorReport> reports) {
    Map<String, Set<String>> executors = new LinkedHashMap<>();
    Map<String, Long> available = new LinkedHashMap<>();
    for (ExecutorReport report : reports) {
      if (!report.cuda()) {
        executors
            .computeIfAbsent(report.host(), host -> new LinkedHashSet<>())
            .add(report.executor());
        available.merge(report.host(), report.hostAvailableBytes(), Math::min);
      }
    }
    List<String> problems = new ArrayList<>();
    executors.forEach(
        (host, on) -> {
          int replicas = on.size() * replicasPerExecutor;
          if (replica.bytes() * replicas > available.get(host)) {
            problems.add(
                "%s: %s, and the machine or its container has %s left: give executors more memory outside the heap (spark.executor.memoryOverhead), run fewer tasks on a machine, or lower train.micro-batch"
                    .formatted(host, need(replicas), size(available.get(host))));
          }
        });
    return problems;
  }

  private String need(int replicas) {
    return "%d %s in training need%s about %s outside the heap (each %s)"
        .formatted(
            replicas,
            replicas == 1 ? "network" : "networks",
            replicas == 1 ? "s" : "",
            size(replica.bytes() * replicas),
            parts());
  }

  private String parts() {
    return String.format(
        Locale.ROOT,
        "%,d parameters with gradient and Adam: %s, activations: %s",
        replica.parameters(),
        size(replica.vectors()),
        size(replica.activations()));
  }

  private static String place(ExecutorReport report) {
    String card = report.card().isEmpty() ? "" : ", " + report.card();
    return report.host() + (report.onGpu() ? ", " + report.device() : "") + card;
  }

  private static String size(long bytes) {
    return String.format(Locale.ROOT, "%.2f GiB", bytes / GIBIBYTE);
  }
}
