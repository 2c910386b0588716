package org.latte4j.spark.preflight;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.latte4j.spark.doctor.MemoryCheck;

/** What this machine, or the container around this process, can still give. */
final class HostMemory {
  private static final Pattern AVAILABLE =
      Pattern.compile("^MemAvailable:\\s+(\\d+) kB$", Pattern.MULTILINE);

  private HostMemory() {}

  /** Bytes; without an answer from the system, as many as there can be. */
  static long availableBytes() {
    Path two = Path.of("/sys/fs/cgroup");
    Path one = Path.of("/sys/fs/cgroup/memory");
    long machine = machine(text(Path.of("/proc/meminfo")));
    long container =
        Math.min(
            container(text(two.resolve("memory.max")), text(two.resolve("memory.current"))),
            container(
                text(one.resolve("memory.limit_in_bytes")),
                text(one.resolve("memory.usage_in_bytes"))));
    return Math.min(machine, container);
  }

  static long machine(String meminfo) {
    Matcher available = AVAILABLE.matcher(meminfo);
    return available.find() ? Long.parseLong(available.group(1)) * 1024 : Long.MAX_VALUE;
  }

  /** Limit less usage; a control group without a limit says "max" or a number near 2^63. */
  static long container(String limit, String usage) {
    OptionalLong granted = MemoryCheck.parseLimit(limit);
    OptionalLong used = MemoryCheck.parseLimit(usage);
    return granted.isPresent() && used.isPresent()
        ? Math.max(0, granted.getAsLong() - used.getAsLong())
        : Long.MAX_VALUE;
  }

  private static String text(Path file) {
    try {
      return Files.isReadable(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      return ""; // Hidden by the container: the same as no limit.
    }
  }
}
