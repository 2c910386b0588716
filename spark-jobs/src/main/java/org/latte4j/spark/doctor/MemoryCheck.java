package org.latte4j.spark.doctor;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.bytedeco.javacpp.Pointer;

/** Physical memory, a container's limit, the heap, and the limits of memory outside it. */
public final class MemoryCheck implements Check {
  private static final List<Path> CGROUP_LIMITS =
      List.of(
          Path.of("/sys/fs/cgroup/memory.max"),
          Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
  private static final String OPTIONS =
      "Set LATTE_JAVA_OPTS, for instance \"-Xmx4g -Dorg.bytedeco.javacpp.maxbytes=10g"
          + " -Dorg.bytedeco.javacpp.maxphysicalbytes=15g\".";
  private static final long SMALLEST_OFF_HEAP = 1L << 30;

  @Override
  public List<Finding> examine() {
    long physical = physical();
    OptionalLong container = containerLimit();
    long usable = Math.min(physical, container.orElse(Long.MAX_VALUE));
    List<Finding> findings = new ArrayList<>();
    String limit = container.isPresent() ? ", container limit " + size(container.getAsLong()) : "";
    findings.add(Finding.fine("memory", "physical " + size(physical) + limit));
    findings.add(
        limits(
            usable,
            Runtime.getRuntime().maxMemory(),
            Pointer.maxBytes(),
            Pointer.maxPhysicalBytes()));
    return findings;
  }

  /**
   * Judges the process's limits.
   *
   * @param usable bytes that the machine or container grants
   * @param heap the heap's limit in bytes
   * @param offHeap bytes of native arrays, or 0 for no limit
   * @param resident bytes of the whole process, or 0 for no limit
   */
  static Finding limits(long usable, long heap, long offHeap, long resident) {
    String text =
        "heap %s, arrays outside the heap %s, whole process %s"
            .formatted(
                size(heap),
                offHeap > 0 ? size(offHeap) : "unlimited",
                resident > 0 ? size(resident) : "unlimited");
    if (offHeap > 0 && offHeap < SMALLEST_OFF_HEAP) {
      return Finding.unusable(
          "limits", text + ": less than 1 GiB for parameters and activations", OPTIONS);
    }
    if (offHeap <= 0 && resident <= 0) {
      return Finding.warning(
          "limits",
          text + ": the system may kill the process instead of an error being reported",
          OPTIONS);
    }
    if (heap + Math.max(offHeap, 0) > usable) {
      return Finding.warning(
          "limits", text + ": together more than the " + size(usable) + " there are", OPTIONS);
    }
    if (resident > 0 && resident > usable) {
      return Finding.warning(
          "limits", text + ": more than the " + size(usable) + " there are", OPTIONS);
    }
    return Finding.fine("limits", text);
  }

  private static long physical() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getTotalMemorySize();
  }

  private static OptionalLong containerLimit() {
    for (Path file : CGROUP_LIMITS) {
      try {
        if (Files.isReadable(file)) {
          return parseLimit(Files.readString(file));
        }
      } catch (IOException e) {
        continue; // Absent or hidden by the container: the same as no limit.
      }
    }
    return OptionalLong.empty();
  }

  /** Reads a control group's bytes; "max" and the kernel's near-infinite number are none. */
  public static OptionalLong parseLimit(String text) {
    String number = text.strip();
    if (!number.matches("\\d{1,18}")) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseLong(number));
  }

  static String size(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
  }
}
