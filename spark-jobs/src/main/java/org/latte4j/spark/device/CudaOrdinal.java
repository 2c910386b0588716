package org.latte4j.spark.device;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.latte4j.spark.EnvironmentException;

/**
 * CUDA's number of a GPU that Spark has an address for. CUDA counts what {@code
 * CUDA_VISIBLE_DEVICES} lists, in its order; without it, all GPUs, in nvidia-smi's order if {@code
 * CUDA_DEVICE_ORDER} is {@code PCI_BUS_ID}.
 */
final class CudaOrdinal {
  private static final String VISIBLE = "CUDA_VISIBLE_DEVICES";

  private CudaOrdinal() {}

  /**
   * The number of an address.
   *
   * @param address as {@code bin/gpu-addresses} prints it: nvidia-smi's index, or an entry of
   *     {@code CUDA_VISIBLE_DEVICES}
   * @param environment of this process
   * @throws EnvironmentException if this process cannot see that GPU
   */
  static int of(String address, Map<String, String> environment) {
    String visible = environment.get(VISIBLE);
    if (visible != null) {
      List<String> names = Arrays.stream(visible.split(",")).map(String::strip).toList();
      int ordinal = names.indexOf(address);
      if (ordinal < 0) {
        throw new EnvironmentException(
            "Spark assigned GPU %s, which this executor does not see: %s is \"%s\"; use bin/gpu-addresses as the discovery script, which reads it"
                .formatted(address, VISIBLE, visible));
      }
      return ordinal;
    }
    if (!address.matches("\\d{1,4}")) {
      throw new EnvironmentException(
          "Spark assigned GPU %s, which is no number, and %s does not list it: let the discovery script print nvidia-smi's indices, as bin/gpu-addresses does"
              .formatted(address, VISIBLE));
    }
    return Integer.parseInt(address);
  }
}
