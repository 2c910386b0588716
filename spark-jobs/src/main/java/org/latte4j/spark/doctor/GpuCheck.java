package org.latte4j.spark.doctor;

import java.io.IOException;
import java.util.List;
import org.latte4j.spark.device.ComputeCapability;
import org.latte4j.spark.device.NvidiaSmi;

/** NVIDIA GPUs, as nvidia-smi reports them, against what the backend can use. */
public final class GpuCheck implements Check {
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
    try {
      return judge(NvidiaSmi.cards());
    } catch (IOException e) {
      return List.of(absent("none (" + e.getMessage() + ")"));
    }
  }

  /** Judges each card. */
  List<Finding> judge(List<NvidiaSmi.Card> cards) {
    return cards.isEmpty() ? List.of(absent("none")) : cards.stream().map(this::judgeCard).toList();
  }

  private Finding judgeCard(NvidiaSmi.Card card) {
    String name =
        "%s, %s, %d MiB, driver %s"
            .formatted(
                card.name(),
                card.capability().map(ComputeCapability::toString).orElse("unknown capability"),
                card.totalBytes() >> 20,
                card.driver());
    if (card.capability().isEmpty()) {
      return Finding.warning(
          "GPU",
          name + ": nvidia-smi does not tell its compute capability",
          "Update the driver; 3.7 to 8.9 are supported.");
    }
    if (!card.capability().get().supported()) {
      String text = name + ": ND4J's CUDA library has no code for " + card.capability().get();
      return cudaBackend
          ? Finding.unusable("GPU", text, "Use the CPU backend, or a GPU from 3.7 to 8.9.")
          : Finding.fine("GPU", text + "; the CPU is used");
    }
    return cudaBackend
        ? Finding.fine("GPU", name + ": used")
        : Finding.warning(
            "GPU",
            name + ": not used, this is the CPU build",
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
