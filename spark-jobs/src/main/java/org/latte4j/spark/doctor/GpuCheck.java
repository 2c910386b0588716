package org.latte4j.spark.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** NVIDIA GPUs, as nvidia-smi reports them, against what the backend can use. */
public final class GpuCheck implements Check {
  private static final List<String> QUERY =
      List.of(
          "nvidia-smi",
          "--query-gpu=name,compute_cap,memory.total,driver_version",
          "--format=csv,noheader");

  private final boolean cudaBackend;

  /** For the backend that is on the class path. */
  public GpuCheck() {
    this(onClassPath("org.nd4j.linalg.jcublas.JCublasBackend"));
  }

  GpuCheck(boolean cudaBackend) {
    this.cudaBackend = cudaBackend;
  }

  @Override
  public List<Finding> examine() {
    String table;
    try {
      Process process = new ProcessBuilder(QUERY).redirectErrorStream(true).start();
      table = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        return List.of(absent("nvidia-smi fails: " + table.strip()));
      }
    } catch (IOException e) {
      return List.of(absent("none (no nvidia-smi)"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of(absent("not examined: interrupted"));
    }
    return judge(table);
  }

  /** Judges nvidia-smi's table, one line a GPU: name, compute capability, memory, driver. */
  List<Finding> judge(String table) {
    List<Finding> findings = new ArrayList<>();
    for (String line : table.lines().filter(l -> !l.isBlank()).toList()) {
      findings.add(judgeLine(line));
    }
    return findings.isEmpty() ? List.of(absent("none")) : findings;
  }

  private Finding judgeLine(String line) {
    String[] cells = line.split(",");
    ComputeCapability capability;
    try {
      capability = ComputeCapability.parse(cells.length > 1 ? cells[1] : "");
    } catch (NumberFormatException e) {
      return Finding.warning(
          "GPU",
          line.strip() + ": nvidia-smi does not tell its compute capability",
          "Update the driver; 3.7 to 8.9 are supported.");
    }
    if (!capability.supported()) {
      String text = line.strip() + ": ND4J's CUDA library has no code for " + capability;
      return cudaBackend
          ? Finding.unusable("GPU", text, "Use the CPU backend, or a GPU from 3.7 to 8.9.")
          : Finding.fine("GPU", text + "; the CPU is used");
    }
    return cudaBackend
        ? Finding.fine("GPU", line.strip() + ": used")
        : Finding.warning(
            "GPU",
            line.strip() + ": not used, this is the CPU build",
            "LATTE_BACKEND=cuda bin/latte ... builds and uses the CUDA backend.");
  }

  private Finding absent(String text) {
    return cudaBackend
        ? Finding.unusable(
            "GPU", text, "The CUDA build needs an NVIDIA GPU and driver: unset LATTE_BACKEND.")
        : Finding.fine("GPU", text + "; the CPU is used");
  }

  private static boolean onClassPath(String name) {
    try {
      Class.forName(name, false, GpuCheck.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
