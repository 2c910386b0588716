package org.latte4j.spark.cli;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.model.weights.ElementType;
import org.latte4j.model.weights.Part;
import org.latte4j.spark.convert.Conversion;
import org.latte4j.spark.convert.ConversionInput;
import org.latte4j.spark.convert.ConversionResult;
import org.latte4j.spark.convert.ForeignModel;
import org.latte4j.spark.convert.NetworkSizes.FrameSize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code convert}: weights in another file format. */
@Command(
    name = "convert",
    description =
        "Write weights in another format, under the reference's names. The output's name says which:"
            + " NAME.safetensors, NAME.safetensors.index.json (shards), NAME.pt (PyTorch), NAME.zip"
            + " (Deeplearning4j's ModelSerializer), or a folder that sample, denoise and training"
            + " take. Heads and architecture (model.heads, model.variant, ...) must be told where"
            + " the output needs them and no model.json does.")
final class ConvertVerb extends Verb {
  private static final Pattern FRAME = Pattern.compile("(\\d{1,5})x(\\d{1,5})");

  /** Types that values may be written as. */
  private enum Type {
    F32(ElementType.F32),
    F16(ElementType.F16),
    BF16(ElementType.BF16);

    private final ElementType stored;

    Type(ElementType stored) {
      this.stored = stored;
    }
  }

  @Option(
      names = "--input",
      required = true,
      paramLabel = "PATH",
      description =
          "A torch .pt, a .safetensors, an index of shards, a Deeplearning4j .zip, or a folder: a"
              + " checkpoint, a run (its newest checkpoint), or one with model.safetensors.")
  private String input;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "PATH",
      description = "Local. A file is replaced; a folder must not be there yet.")
  private String output;

  @Option(
      names = "--part",
      paramLabel = "model|ema",
      description =
          "Which weights; without, the moving average where there is one, and both for a .pt.")
  private Optional<Part> part;

  @Option(
      names = "--type",
      defaultValue = "f32",
      paramLabel = "f32|f16|bf16",
      description = "Type of the values (default: ${DEFAULT-VALUE}).")
  private Type type;

  @Option(
      names = "--max-shard-size",
      paramLabel = "SIZE",
      description = "Write safetensors as shards of at most this size, such as 2GiB.")
  private Optional<String> shardSize;

  @Option(
      names = "--latent",
      paramLabel = "HxW",
      description = "Height and width of a latent frame, where it is no square.")
  private Optional<String> latent;

  @Option(
      names = "--autoencoder",
      defaultValue = "",
      paramLabel = "DIR",
      description =
          "For a folder of weights that have no model.json: the autoencoder that made the latents"
              + " (diffusers' folder, or dct-BLOCK-LUMA-CHROMA).")
  private String autoencoder;

  @Option(
      names = "--classes",
      split = ",",
      paramLabel = "NAME",
      description = "Likewise: names of the classes, in the order of their labels.")
  private List<String> classes = List.of();

  @Override
  protected Object run(Invocation invocation) throws IOException {
    Conversion conversion =
        new Conversion(
                ConversionInput.find(input, SparkApplication.hadoop(invocation.settings())),
                invocation.settings())
            .type(type.stored)
            .foreign(new ForeignModel(autoencoder, classes));
    part.ifPresent(conversion::part);
    shardSize.ifPresent(size -> conversion.shardBytes(bytes(size)));
    latent.ifPresent(size -> conversion.frame(frame(size)));
    ConversionResult result = conversion.to(output);
    invocation
        .out()
        .printf(
            Locale.ROOT,
            "%s: %s, %s, %d arrays, %,d values, %,d bytes%n",
            result.output(),
            String.join(" and ", result.parts()),
            result.type(),
            result.arrays(),
            result.values(),
            result.bytes());
    result.files().forEach(file -> invocation.out().println("  " + file));
    return result;
  }

  private static FrameSize frame(String text) {
    Matcher matcher = FRAME.matcher(text);
    if (!matcher.matches()) {
      throw new SettingsException("--latent %s: it must be HxW, such as 32x32".formatted(text));
    }
    return new FrameSize(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  private static long bytes(String text) {
    try {
      long bytes = ConfigFactory.parseMap(Map.of("size", text)).getBytes("size");
      if (bytes > 0) {
        return bytes;
      }
    } catch (ConfigException e) {
      throw new SettingsException("--max-shard-size %s: it must be a size".formatted(text), e);
    }
    throw new SettingsException(
        "--max-shard-size %s: it must be a size of at least a byte, such as 2GiB".formatted(text));
  }
}
