package org.latte4j.model.autoencoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.latte4j.model.weights.WeightFormatException;

/**
 * The files of a model in a folder as diffusers writes it: {@code config.json} and weights as one
 * safetensors file, as shards with an index, or as a torch checkpoint.
 *
 * @param path the folder
 * @param weights the weights' file; of shards, their index
 */
record DiffusersFolder(Path path, Path weights) {
  private static final String NAME = "diffusion_pytorch_model";
  private static final String INDEX = NAME + ".safetensors.index.json";

  /** Best first. */
  private static final List<String> WEIGHT_FILES =
      List.of(NAME + ".safetensors", INDEX, NAME + ".bin");

  /**
   * Looks for the files.
   *
   * @throws WeightFormatException if there is no such folder, or a file is missing in it
   */
  static DiffusersFolder of(Path path) throws WeightFormatException {
    if (!Files.isDirectory(path)) {
      throw new WeightFormatException(
          path
              + " is not a folder: expected diffusers' folder of an AutoencoderKL, with config.json"
              + " and "
              + WEIGHT_FILES.get(0));
    }
    for (String name : WEIGHT_FILES) {
      if (Files.exists(path.resolve(name))) {
        return new DiffusersFolder(path, path.resolve(name));
      }
    }
    throw new WeightFormatException(
        "%s holds no weights: looked for %s (of a Stable Diffusion pipeline, give the subfolder vae)"
            .formatted(path, String.join(", ", WEIGHT_FILES)));
  }

  Path config() {
    return path.resolve("config.json");
  }

  /** SHA-256, in hexadecimal, of the bytes of the configuration and of every weight file. */
  String digest() throws IOException {
    MessageDigest digest = Fingerprints.digest();
    for (Path file : files()) {
      try (InputStream in = Files.newInputStream(file);
          DigestOutputStream out =
              new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
        in.transferTo(out);
      }
    }
    return Fingerprints.hex(digest.digest());
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>(List.of(config(), weights));
    if (weights.endsWith(INDEX)) {
      JsonNode index = new ObjectMapper().readTree(Files.readAllBytes(weights));
      TreeSet<String> shards = new TreeSet<>();
      index.path("weight_map").forEach(shard -> shards.add(shard.asText()));
      shards.forEach(shard -> files.add(path.resolve(shard)));
    }
    return files;
  }
}
