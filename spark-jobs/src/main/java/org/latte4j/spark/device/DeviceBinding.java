package org.latte4j.spark.device;

import java.util.function.IntConsumer;
import org.latte4j.spark.EnvironmentException;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;

/** How an engine is told which device a thread works on: the one place that knows the backend. */
final class DeviceBinding {
  private final IntConsumer binding;

  private DeviceBinding(IntConsumer binding) {
    this.binding = binding;
  }

  /** For the backend on the class path. */
  static DeviceBinding ofBackend() {
    boolean cuda = Nd4j.getExecutioner().type() == ExecutionerType.CUDA;
    return new DeviceBinding(cuda ? DeviceBinding::bindCuda : ordinal -> {});
  }

  /** Binds this thread to the device of a number, as CUDA counts. */
  void bind(int ordinal) {
    binding.accept(ordinal);
  }

  /**
   * ND4J asks CUDA for the thread's current device at every allocation and launch; setting it drops
   * the thread's cached context with its streams and cuBLAS handle.
   */
  private static void bindCuda(int ordinal) {
    AffinityManager affinity = Nd4j.getAffinityManager();
    int devices = affinity.getNumberOfDevices();
    if (ordinal >= devices) {
      throw new EnvironmentException(
          "Spark assigned GPU number %d, but CUDA sees %d here: the discovery script of this machine does not agree with the executor (CUDA_VISIBLE_DEVICES?); use bin/gpu-addresses"
              .formatted(ordinal, devices));
    }
    if (affinity.getDeviceForCurrentThread() != ordinal) {
      affinity.unsafeSetDevice(ordinal);
    }
  }
}
