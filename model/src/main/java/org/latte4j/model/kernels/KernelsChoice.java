package org.latte4j.model.kernels;

import java.util.concurrent.atomic.AtomicBoolean;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the kernels for this process: {@link VectorKernels} on ND4J's CPU backend if the Vector
 * API is there, {@link PortableKernels} otherwise. The log says once which, and why.
 */
public enum KernelsChoice {
  /** {@link VectorKernels}. */
  VECTOR("ND4J runs on the CPU and the Vector API is there"),
  /** {@link PortableKernels}, because ND4J runs on another backend. */
  PORTABLE_FOR_BACKEND("ND4J does not run on the CPU"),
  /** {@link PortableKernels}, because the JVM was started without the Vector API. */
  PORTABLE_WITHOUT_VECTOR_API(
      "the JVM has no Vector API; start it with --add-modules jdk.incubator.vector, which makes"
          + " training several times faster");

  private static final Logger LOG = LoggerFactory.getLogger(KernelsChoice.class);
  private static final AtomicBoolean LOGGED = new AtomicBoolean();

  private final String reason;

  KernelsChoice(String reason) {
    this.reason = reason;
  }

  /** Why, as a part of a sentence. */
  public String reason() {
    return reason;
  }

  /** The choice for this process. */
  public static KernelsChoice current() {
    return of(
        Nd4j.getExecutioner().type() == ExecutionerType.NATIVE_CPU,
        ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent());
  }

  static KernelsChoice of(boolean cpuBackend, boolean vectorApi) {
    if (!cpuBackend) {
      return PORTABLE_FOR_BACKEND;
    }
    return vectorApi ? VECTOR : PORTABLE_WITHOUT_VECTOR_API;
  }

  /**
   * New kernels of the current choice, in float32.
   *
   * @param threads threads that vector kernels work with, 1 or more; ND4J's own setting counts for
   *     portable ones
   */
  public static Kernels forBackend(int threads) {
    KernelsChoice choice = current();
    Kernels kernels =
        choice == VECTOR ? VectorKernels.withThreads(threads) : new PortableKernels(DataType.FLOAT);
    if (LOGGED.compareAndSet(false, true)) {
      if (choice == PORTABLE_WITHOUT_VECTOR_API) {
        LOG.warn("Using {}: {}", kernels.getClass().getSimpleName(), choice.reason);
      } else {
        LOG.info("Using {}: {}", kernels.getClass().getSimpleName(), choice.reason);
      }
    }
    return kernels;
  }
}
