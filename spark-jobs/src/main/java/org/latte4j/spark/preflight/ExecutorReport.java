package org.latte4j.spark.preflight;

/**
 * What a task found on its executor. Travels as JSON.
 *
 * @param executor {@code host:port} of its block manager
 * @param host its machine
 * @param device what the task was given: {@code cpu} or {@code gpu ADDRESS}
 * @param cuda whether the backend on the class path is CUDA's
 * @param failure why the backend does not start; empty if it does
 * @param card the GPU's name; empty if unknown or none
 * @param capability the GPU's compute capability; empty if unknown
 * @param capabilitySupported whether the backend holds code for it
 * @param cardFreeBytes free memory of the GPU; 0 if unknown
 * @param nativeLimitBytes JavaCPP's limit of memory outside the heap; 0 for none
 * @param nativeUsedBytes what is taken of it
 * @param hostAvailableBytes memory that the machine or container can still give
 */
record ExecutorReport(
    String executor,
    String host,
    String device,
    boolean cuda,
    String failure,
    String card,
    String capability,
    boolean capabilitySupported,
    long cardFreeBytes,
    long nativeLimitBytes,
    long nativeUsedBytes,
    long hostAvailableBytes) {

  boolean onGpu() {
    return !device.equals("cpu");
  }
}
