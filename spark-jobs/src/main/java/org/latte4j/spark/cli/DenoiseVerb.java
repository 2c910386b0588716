package org.latte4j.spark.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.KernelsChoice;
import org.latte4j.model.latte.Architecture;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LatteSettings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.model.weights.Weights;
import org.latte4j.spark.convert.NetworkSizes;
import org.latte4j.spark.inference.ForwardPass;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code denoise}: one forward pass of a model. */
@Command(
    name = "denoise",
    description =
        "One forward pass of a model: tensors x [B,F,C,H,W], t [B] and, for a conditional model,"
            + " y [B] give out. Sizes come from the weights' shapes; only model.heads and, where"
            + " they are not the reference's, model.variant, patch-embedding, conditioning and"
            + " temporal-position must be told.")
final class DenoiseVerb extends Verb {
  @Option(
      names = "--weights",
      required = true,
      paramLabel = "FILE",
      description = "Weights: .safetensors, a torch .pt, or a checkpoint folder.")
  private Path weights;

  @Option(names = "--ema", description = "Use the moving average of a file that holds both.")
  private boolean ema;

  @Option(names = "--inputs", required = true, paramLabel = "FILE", description = "Safetensors.")
  private Path inputs;

  @Option(names = "--output", required = true, paramLabel = "FILE", description = "Safetensors.")
  private Path output;

  @Option(
      names = "--guidance",
      paramLabel = "S",
      description = "Scale of classifier-free guidance; without it, a plain forward pass.")
  private Optional<Double> guidance;

  @Option(
      names = "--images",
      defaultValue = "0",
      paramLabel = "N",
      description =
          "The last N frames of x [B,F+N,C,H,W] are images, with their classes in y_image [B,N].")
  private int images;

  @Override
  protected Object run(Invocation invocation) throws IOException {
    if (images < 0) {
      throw new SettingsException("--images must not be negative");
    }
    int threads = Runtime.getRuntime().availableProcessors();
    LatteConfiguration sizes;
    try (WeightSource source = Weights.open(weights, ema ? Part.EMA : Part.MODEL);
        WeightSource tensors = Weights.open(inputs, Part.MODEL);
        Kernels kernels = KernelsChoice.forBackend(threads)) {
      int heads = NetworkSizes.heads(source, invocation.settings());
      OptionalDouble scale = guidance.map(OptionalDouble::of).orElse(OptionalDouble.empty());
      Architecture architecture = LatteSettings.architecture(invocation.settings());
      sizes =
          new ForwardPass(kernels, source, architecture, heads).run(tensors, images, scale, output);
    }
    invocation.out().println("out: " + output);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("output", output.toString());
    result.put("model", sizes);
    return result;
  }
}
