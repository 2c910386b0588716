package org.latte4j.spark.estimate;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.latte4j.model.latte.Cost;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LattePlan;
import org.latte4j.spark.preflight.ReplicaMemory;

/**
 * What a network takes, in training and in sampling, found by running it on kernels that only count
 * ({@link Cost}); the same numbers as the preflight check compares with executors' memory.
 *
 * @param parameters trainable values
 * @param multiplyAdds arithmetic of one clip
 * @param training of one worker
 * @param sampling of one task
 * @param model sizes and architecture
 */
@JsonPropertyOrder({"parameters", "multiplyAdds", "training", "sampling", "model"})
public record Estimate(
    long parameters,
    MultiplyAdds multiplyAdds,
    Training training,
    Sampling sampling,
    LatteConfiguration model) {

  /**
   * What a process that trains has beside the network: the Java virtual machine with its libraries
   * and compilers, and the heap that it touches before it first collects garbage. Measured, 0.48 to
   * 0.84 GB (docs/weights.md).
   */
  private static final long TRAINING_PROCESS_BYTES = 580_000_000;

  /** Likewise of a process that samples, but for the weights that it reads. */
  private static final long SAMPLING_PROCESS_BYTES = 420_000_000;

  /** A backward pass takes two products for each of the forward pass. */
  private static final int STEP_PASSES = 3;

  /**
   * Multiply-adds of one clip.
   *
   * @param forward of matrix products in a forward pass, without those inside attention
   * @param attention of the products inside attention, in a forward pass
   * @param published of a forward pass as the paper counts it
   * @param trainingStep of forward and backward pass, attention included
   */
  @JsonPropertyOrder({"forward", "attention", "published", "trainingStep"})
  public record MultiplyAdds(long forward, long attention, long published, long trainingStep) {}

  /**
   * Memory of one worker.
   *
   * @param clips in one pass
   * @param vectorBytes parameters, gradients and Adam's two moments
   * @param activationBytes what the backward pass needs, and what the loss keeps
   * @param networkBytes both
   * @param processBytes of a process that trains one network, such as {@code bench step}
   */
  @JsonPropertyOrder({"clips", "vectorBytes", "activationBytes", "networkBytes", "processBytes"})
  public record Training(
      int clips, long vectorBytes, long activationBytes, long networkBytes, long processBytes) {}

  /**
   * Memory of one task, whose clips go through the network one by one.
   *
   * @param networkBytes parameters and activations
   * @param processBytes of a process that samples with one network, such as {@code denoise}; Spark
   *     comes on top
   */
  @JsonPropertyOrder({"networkBytes", "processBytes"})
  public record Sampling(long networkBytes, long processBytes) {}

  /**
   * Estimates.
   *
   * @param training plan of a pass in training
   * @throws IllegalArgumentException if the network has more than 2^31 - 1 parameters
   */
  public static Estimate of(LatteConfiguration network, LattePlan training) {
    Cost clip = Cost.of(network, LattePlan.inference(1));
    ReplicaMemory replica = ReplicaMemory.training(network, training);
    return new Estimate(
        clip.parameters(),
        new MultiplyAdds(
            clip.multiplyAdds(),
            clip.attentionMultiplyAdds(),
            clip.publishedMultiplyAdds(),
            STEP_PASSES * (clip.multiplyAdds() + clip.attentionMultiplyAdds())),
        new Training(
            training.batch(),
            replica.vectors(),
            replica.activations(),
            replica.bytes(),
            replica.bytes() + TRAINING_PROCESS_BYTES),
        new Sampling(
            clip.memoryBytes(),
            // Weights go through Java arrays on their way to the network.
            clip.memoryBytes() + SAMPLING_PROCESS_BYTES + clip.parameters() * Float.BYTES),
        network);
  }

  /** For people. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(String.format(Locale.ROOT, "parameters    %,d", parameters));
    lines.add(
        String.format(
            Locale.ROOT,
            "multiply-adds %s a clip forward, and %s inside attention (%s as the paper counts);"
                + " %s a training step of a clip",
            giga(multiplyAdds.forward()),
            giga(multiplyAdds.attention()),
            giga(multiplyAdds.published()),
            giga(multiplyAdds.trainingStep())));
    lines.add(
        String.format(
            Locale.ROOT,
            "training      %s a worker, %d clips a pass: parameters, gradients and Adam %s, activations %s;"
                + " a process with one worker %s",
            gigabytes(training.networkBytes()),
            training.clips(),
            gigabytes(training.vectorBytes()),
            gigabytes(training.activationBytes()),
            gigabytes(training.processBytes())));
    lines.add(
        String.format(
            Locale.ROOT,
            "sampling      %s a task; a process with one task %s",
            gigabytes(sampling.networkBytes()),
            gigabytes(sampling.processBytes())));
    return lines;
  }

  private static String giga(long count) {
    return String.format(Locale.ROOT, "%.1f G", count / 1e9);
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
  }
}
