package org.latte4j.spark.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.latte4j.data.encode.EncodeRecipe;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.bench.DecodeBenchmark;
import org.latte4j.spark.encode.EncodeSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench decode}: processor time of decoding and transforming a video. */
@Command(
    name = "decode",
    description =
        "Measure the processor time of decoding a video and bringing its frames to"
            + " encode.image-size, as encode does before the autoencoder.")
final class BenchDecodeVerb extends Verb {
  @Option(names = "--input", required = true, paramLabel = "FILE", description = "A local video.")
  private Path input;

  @Option(
      names = "--runs",
      defaultValue = "3",
      description =
          "Decodings, one after the other in one process; the first shows its start"
              + " (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Override
  protected Object run(Invocation invocation) throws IOException {
    if (runs < 1) {
      throw new SettingsException("--runs must be at least 1");
    }
    EncodeRecipe recipe = EncodeSettings.from(invocation.settings()).recipe();
    List<DecodeBenchmark.Run> measured = new DecodeBenchmark(recipe, input).run(runs);
    for (DecodeBenchmark.Run run : measured) {
      invocation
          .out()
          .printf(
              "decode %s %s to %d: %d frames, CPU %.2f s (process %.2f, reader %.2f),"
                  + " %.2f ms a frame; elapsed %.2f s%n",
              input.getFileName(),
              recipe.transform().name(),
              recipe.transform().size(),
              run.frames(),
              run.seconds(),
              run.processSeconds(),
              run.readerSeconds(),
              1e3 * run.seconds() / Math.max(1, run.frames()),
              run.elapsedSeconds());
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("input", input.toString());
    report.put("image-size", recipe.transform().size());
    report.put("decodings", measured);
    return report;
  }
}
