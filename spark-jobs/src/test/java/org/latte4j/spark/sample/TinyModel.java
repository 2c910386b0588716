package org.latte4j.spark.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.latte4j.model.autoencoder.Autoencoder;
import org.latte4j.model.autoencoder.Autoencoders;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.card.ModelCardFile;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.kernels.KernelsChoice;
import org.latte4j.model.latte.Architecture;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.ParameterLayout;
import org.latte4j.model.latte.TextConditioning;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.weights.ElementType;
import org.latte4j.model.weights.SafetensorsLayout;
import org.latte4j.model.weights.SafetensorsWriter;

/**
 * A model of 4 frames of 16 x 16 pixels with random weights, large enough for every part of it to
 * count: what it makes is noise, but noise that changes with all that sampling does.
 */
final class TinyModel {
  static final int FRAMES = 4;

  private static final LatentShape LATENT = new LatentShape(FRAMES, 5, 4, 4);

  private TinyModel() {}

  /** Writes a model of some classes, or of none. */
  static Path write(Path folder, Prediction prediction, String... classes) throws IOException {
    return write(
        folder, prediction, new LatteConfiguration(2, 16, 2, 2, LATENT, classes.length), classes);
  }

  /** Writes a model that is told texts. */
  static Path writeTold(Path folder) throws IOException {
    Architecture told = Architecture.REFERENCE.with(TextConditioning.CLIP);
    return write(folder, Prediction.NOISE, new LatteConfiguration(2, 16, 2, 2, LATENT, 0, told));
  }

  private static Path write(
      Path folder, Prediction prediction, LatteConfiguration network, String... classes)
      throws IOException {
    Files.createDirectories(folder);
    String name = "dct-4-3-1";
    LatentShape latent = network.latent();
    try (Autoencoder autoencoder = Autoencoders.open(name, () -> KernelsChoice.forBackend(1))) {
      ModelCard card =
          new ModelCard(
              network,
              List.of(classes),
              name,
              autoencoder.fingerprint(),
              autoencoder.scalingFactor(),
              Collections.nCopies(latent.channels(), -1.5f),
              Collections.nCopies(latent.channels(), 1.5f),
              prediction);
      Files.writeString(folder.resolve(ModelCardFile.NAME), ModelCardFile.toJson(card));
    }
    SafetensorsLayout.Builder layout = SafetensorsLayout.builder();
    List<ParameterLayout.Parameter> parameters = new ParameterLayout(network).parameters();
    for (ParameterLayout.Parameter parameter : parameters) {
      layout.array(
          parameter.name(),
          ElementType.F32,
          parameter.shape().stream().mapToInt(Integer::intValue).toArray());
    }
    SafetensorsWriter.save(
        folder.resolve("model.safetensors"),
        layout.build(),
        writer -> {
          for (ParameterLayout.Parameter parameter : parameters) {
            float[] values = new float[Math.toIntExact(parameter.length())];
            RandomStream.of(1, Purpose.INITIALISATION, parameter.offset()).normals(values);
            for (int i = 0; i < values.length; i++) {
              values[i] *= parameter.name().startsWith("text_embedding") ? 0.01f : 0.15f;
            }
            writer.write(parameter.name(), values);
          }
        });
    return folder;
  }

  /** Settings of a few steps, with some that differ. */
  static Settings settings(Map<String, String> more) {
    Map<String, String> settings =
        new TreeMap<>(
            Map.of(
                "sample.steps", "4",
                "sample.guidance", "2",
                "sample.clamp", "data",
                "sample.outputs", "frames"));
    settings.putAll(more);
    return Settings.load(List.of(), settings);
  }

  /** Writes an embedding of zeros. */
  static void writeZeroText(Path file, String name) throws IOException {
    SafetensorsWriter.save(
        file,
        SafetensorsLayout.builder()
            .array(name, ElementType.F32, TextConditioning.TOKENS, TextConditioning.WIDTH)
            .build(),
        writer -> writer.write(name, new float[TextConditioning.CLIP.length()]));
  }

  /** Writes embeddings of so many tokens under their names, each of its own random values. */
  static Path writeTexts(Path file, int tokens, String... names) throws IOException {
    SafetensorsLayout.Builder layout = SafetensorsLayout.builder();
    for (String name : names) {
      layout.array(name, ElementType.F16, tokens, TextConditioning.WIDTH);
    }
    SafetensorsWriter.save(
        file,
        layout.build(),
        writer -> {
          for (String name : names) {
            float[] values = new float[tokens * TextConditioning.WIDTH];
            RandomStream.ofName(2, Purpose.INITIALISATION, name).normals(values);
            writer.write(name, values);
          }
        });
    return file;
  }

  /** For Hadoop's API. */
  static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }
}
