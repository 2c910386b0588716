package org.latte4j.spark.preflight;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.storage.BlockManagerId;
import org.bytedeco.javacpp.Pointer;
import org.latte4j.spark.device.ComputeCapability;
import org.latte4j.spark.device.NvidiaSmi;
import org.latte4j.spark.device.TaskDevice;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The task that looks at its executor. The card is judged by what the driver says, before ND4J
 * loads: on a card that its library has no code for, loading may end the process.
 */
final class ExecutorExamination implements Function<Integer, String> {
  private static final long serialVersionUID = 1L;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String CUDA_BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";

  @Override
  public String call(Integer task) throws JsonProcessingException {
    return MAPPER.writeValueAsString(examine());
  }

  static ExecutorReport read(String json) {
    try {
      return MAPPER.readValue(json, ExecutorReport.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an executor's report is not readable: " + json, e);
    }
  }

  private static ExecutorReport examine() {
    TaskDevice device = TaskDevice.ofThisTask();
    boolean cuda = onClassPath(CUDA_BACKEND);
    Optional<NvidiaSmi.Card> card = cuda ? card(device) : Optional.empty();
    Optional<ComputeCapability> capability = card.flatMap(NvidiaSmi.Card::capability);
    boolean supported = capability.map(ComputeCapability::supported).orElse(true);
    BlockManagerId executor = SparkEnv.get().blockManager().blockManagerId();
    return new ExecutorReport(
        executor.hostPort(),
        executor.host(),
        device.name(),
        cuda,
        supported ? failureOfBackend(device) : "",
        card.map(NvidiaSmi.Card::name).orElse(""),
        capability.map(ComputeCapability::toString).orElse(""),
        supported,
        card.map(NvidiaSmi.Card::freeBytes).orElse(0L),
        Pointer.maxBytes(),
        Pointer.totalBytes(),
        HostMemory.availableBytes());
  }

  private static Optional<NvidiaSmi.Card> card(TaskDevice device) {
    try {
      return NvidiaSmi.card(NvidiaSmi.cards(), device.address().orElse("0"));
    } catch (IOException e) {
      return Optional.empty(); // Not every container has the tool; ND4J itself is asked next.
    }
  }

  private static String failureOfBackend(TaskDevice device) {
    try {
      device.bind();
      return Nd4j.scalar(2f).add(2f).getFloat(0) == 4 ? "" : "it computes 2 + 2 wrongly";
    } catch (RuntimeException | LinkageError e) {
      return e.toString();
    }
  }

  private static boolean onClassPath(String name) {
    try {
      Class.forName(name, false, Thread.currentThread().getContextClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
