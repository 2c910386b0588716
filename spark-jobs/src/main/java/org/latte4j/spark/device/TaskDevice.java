package org.latte4j.spark.device;

import java.util.Map;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.latte4j.spark.EnvironmentException;

/**
 * What a task computes on: the GPU that Spark has assigned to it ({@code
 * spark.task.resource.gpu.amount}), or the CPU. Immutable.
 *
 * <p>A network lives on one device. Whoever keeps one between tasks keeps it for its {@link #name}.
 */
public final class TaskDevice {
  private static final String RESOURCE = "gpu";
  private static final TaskDevice CPU = new TaskDevice("");

  private final String address;

  private TaskDevice(String address) {
    this.address = address;
  }

  /**
   * That of the task which this thread runs; the CPU outside of tasks.
   *
   * @throws EnvironmentException if the task was given several GPUs
   */
  public static TaskDevice ofThisTask() {
    TaskContext task = TaskContext.get();
    return task == null ? CPU : of(task.resourcesJMap());
  }

  static TaskDevice of(Map<String, ResourceInformation> resources) {
    ResourceInformation gpu = resources.get(RESOURCE);
    if (gpu == null) {
      return CPU;
    }
    String[] addresses = gpu.addresses();
    if (addresses.length != 1) {
      throw new EnvironmentException(
          "a task was given %d GPUs (%s), and one network runs on one: set spark.task.resource.gpu.amount = 1"
              .formatted(addresses.length, String.join(", ", addresses)));
    }
    return new TaskDevice(addresses[0]);
  }

  /** {@code cpu}, or {@code gpu ADDRESS}. */
  public String name() {
    return address.isEmpty() ? "cpu" : "gpu " + address;
  }

  /** Spark's address of the GPU; nothing for the CPU. */
  public Optional<String> address() {
    return Optional.of(address).filter(given -> !given.isEmpty());
  }

  /**
   * From here on, ND4J's arrays and operations of this thread are those of this device. On the CPU
   * backend there is nothing to do.
   *
   * @throws EnvironmentException if the backend has no such device
   */
  public void bind() {
    DeviceBinding binding = DeviceBinding.ofBackend();
    address().ifPresent(given -> binding.bind(CudaOrdinal.of(given, System.getenv())));
  }
}
