package org.latte4j.data.text;

import ai.onnxruntime.OrtEnvironment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * ONNX Runtime, loaded once in a process.
 *
 * <p>Loading its library takes between 4 and 8 MiB of stack. A Java thread, and so an executor's
 * task, has 1 MiB unless told otherwise: the process ended with a segmentation fault and without a
 * word. What comes afterwards does with 1 MiB.
 */
final class OnnxRuntime {
  private static final long STACK_BYTES = 64L << 20;

  private OnnxRuntime() {}

  /** What all encoders share; lives as long as the process. */
  static OrtEnvironment environment() {
    // Not in a static initialiser, which the loading thread would have to wait for.
    CompletableFuture<OrtEnvironment> loaded =
        CompletableFuture.supplyAsync(
            OrtEnvironment::getEnvironment,
            task -> new Thread(null, task, "latte onnxruntime", STACK_BYTES).start());
    try {
      return loaded.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }
}
