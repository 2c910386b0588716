package org.latte4j.spark.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.latte.Architecture;
import org.latte4j.model.latte.Cost;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LattePlan;
import org.latte4j.model.latte.LatteSettings;
import org.latte4j.model.latte.ModelSize;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.bench.PeakMemory;
import org.latte4j.spark.bench.StepBenchmark;
import org.latte4j.spark.bench.Timings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench step}: times a training step. */
@Command(
    name = "step",
    description =
        "Time forward, backward and optimiser of one training step on random clips. The settings"
            + " model.variant, patch-embedding, conditioning, temporal-position and"
            + " gradient-checkpointing count; sizes come from the options.")
final class BenchStepVerb extends Verb {
  /** Latent channels of Stable Diffusion's autoencoder. */
  private static final int CHANNELS = 4;

  @Option(
      names = "--model",
      defaultValue = "S/2",
      paramLabel = "SIZE",
      description = "S/2 ... XL/8, or DEPTHxWIDTHxHEADS/PATCH (default: ${DEFAULT-VALUE}).")
  private String model;

  @Option(
      names = "--frames",
      defaultValue = "16",
      description = "Frames of a clip (default: ${DEFAULT-VALUE}).")
  private int frames;

  @Option(
      names = "--latent",
      defaultValue = "32",
      description = "Height and width of the latent (default: ${DEFAULT-VALUE}).")
  private int latent;

  @Option(
      names = "--batch",
      defaultValue = "1",
      description = "Samples a step (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--runs",
      defaultValue = "5",
      description = "Timed steps, after one for warming up (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--threads",
      defaultValue = "2",
      description = "BLAS and kernel threads (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Override
  protected Object run(Invocation invocation) {
    if (runs < 1 || batch < 1 || threads < 1) {
      throw new SettingsException("--runs, --batch and --threads must be at least 1");
    }
    LatteConfiguration sizes = sizes(LatteSettings.architecture(invocation.settings()));
    LattePlan.Purpose purpose = LatteSettings.trainingPurpose(invocation.settings());
    LattePlan plan = new LattePlan(batch, 0, purpose);
    Timings timings = new StepBenchmark(sizes, plan, threads).run(runs);
    invocation
        .out()
        .printf(
            "train step Latte-%s%s batch %d frames %d latent %d threads %d: %s%n",
            model, described(sizes, purpose), batch, frames, latent, threads, timings);
    Cost cost = Cost.of(sizes, plan);
    invocation
        .out()
        .printf(
            "buffers %.2f GB, with parameters and optimiser %.2f GB%n",
            cost.bufferBytes() / 1e9, cost.memoryBytes() / 1e9);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("model", sizes);
    result.put("batch", batch);
    result.put("threads", threads);
    result.put("timings", timings);
    result.put("buffer-bytes", cost.bufferBytes());
    result.put("memory-bytes", cost.memoryBytes());
    OptionalLong peak = PeakMemory.bytes();
    if (peak.isPresent()) {
      invocation.out().printf("peak memory of the process %.2f GB%n", peak.getAsLong() / 1e9);
      result.put("peak-memory-bytes", peak.getAsLong());
    }
    return result;
  }

  /** What differs from the reference's architecture and from keeping all activations. */
  private static String described(LatteConfiguration sizes, LattePlan.Purpose purpose) {
    String architecture =
        sizes.architecture().equals(Architecture.REFERENCE) ? "" : " " + sizes.architecture();
    return purpose == LattePlan.Purpose.TRAINING ? architecture : architecture + " checkpointed";
  }

  private LatteConfiguration sizes(Architecture architecture) {
    try {
      ModelSize size = ModelSize.parse(model);
      return new LatteConfiguration(
          size.depth(),
          size.hiddenSize(),
          size.heads(),
          size.patchSize(),
          new LatentShape(frames, CHANNELS, latent, latent),
          0,
          architecture);
    } catch (IllegalArgumentException e) {
      throw new SettingsException("--model, --frames, --latent: " + e.getMessage(), e);
    }
  }
}
