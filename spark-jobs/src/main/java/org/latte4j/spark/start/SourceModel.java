package org.latte4j.spark.start;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LatteWeights;
import org.latte4j.model.latte.PositionGrid;
import org.latte4j.model.latte.PositionTables;
import org.latte4j.model.latte.TemporalPosition;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.model.weights.WeightFormatException;
import org.latte4j.model.weights.WeightSource;

/**
 * What kind of model the weights to start from belong to, as their names and shapes tell: Latte, or
 * DiT (arXiv 2212.09748), which has the same names but for the temporal position table.
 */
final class SourceModel {
  private static final String PATCHES = "x_embedder.proj.weight";

  /** Tables that went through half precision differ by so much from computed ones. */
  private static final double TABLE_TOLERANCE = 1e-3;

  private final WeightSource weights;
  private final Optional<LatteConfiguration> sizes;

  /**
   * A model with these weights.
   *
   * @param weights closed by the caller
   * @param sizes that lie beside them
   */
  SourceModel(WeightSource weights, Optional<LatteConfiguration> sizes) {
    this.weights = weights;
    this.sizes = sizes;
  }

  /** Whether it is an image model. */
  boolean isDit() {
    return !weights.contains(LatteWeights.TEMPORAL_POSITIONS);
  }

  /** For people. */
  String kind() {
    return isDit() ? "an image model, DiT" : "Latte";
  }

  int depth() {
    return LatteWeights.depth(weights);
  }

  /**
   * Makes sure that tokens mean the same in both networks.
   *
   * @throws SettingsException if width, patches, channels or heads differ
   */
  void check(LatteConfiguration network) throws WeightFormatException {
    int patch = LatteWeights.patchSize(weights);
    int hiddenSize = LatteWeights.hiddenSize(weights);
    int channels = weights.shape(PATCHES)[1];
    require(hiddenSize == network.hiddenSize(), "width", hiddenSize, network.hiddenSize());
    require(patch == network.patchSize(), "patch size", patch, network.patchSize());
    require(
        channels == network.latent().channels(),
        "number of latent channels",
        channels,
        network.latent().channels());
    if (sizes.isPresent()) {
      require(
          sizes.get().heads() == network.heads(),
          "number of attention heads",
          sizes.get().heads(),
          network.heads());
    }
  }

  private void require(boolean holds, String what, int source, int network) {
    if (!holds) {
      throw new SettingsException(
          "train.start-from: %s is of a model whose %s is %d, and this network's is %d: weights can only be brought over where they are equal"
              .formatted(weights.description(), what, source, network));
    }
  }

  /**
   * The grid that the source's positions are laid over, as far as it has positions that mean
   * something for the network: an image model has none in time.
   *
   * @throws IOException if its tables cannot be read, or are not those of sines and cosines
   */
  PositionGrid positions(LatteConfiguration network) throws IOException {
    PositionGrid own = network.ownGrid();
    if (sizes.isPresent()) {
      boolean sameKind =
          sizes.get().architecture().temporalPosition()
              == network.architecture().temporalPosition();
      PositionGrid grid = sizes.get().positions();
      return sameKind ? grid : new PositionGrid(own.frames(), grid.rows(), grid.columns());
    }
    PositionGrid plane = plane(own);
    return new PositionGrid(frames(network), plane.rows(), plane.columns());
  }

  /** Rows and columns have the same ratio as the network's, or make a square. */
  private PositionGrid plane(PositionGrid own) throws IOException {
    if (!weights.contains(LatteWeights.SPATIAL_POSITIONS)) {
      return own;
    }
    int tokens = LatteWeights.tokens(weights);
    for (double ratio : new double[] {(double) own.rows() / own.columns(), 1}) {
      int rows = (int) Math.round(Math.sqrt(tokens * ratio));
      if (rows > 0 && tokens % rows == 0) {
        PositionGrid grid = new PositionGrid(1, rows, tokens / rows);
        float[] table = PositionTables.spatial(rows, tokens / rows, grid, hiddenSize());
        if (isTable(LatteWeights.SPATIAL_POSITIONS, table)) {
          return grid;
        }
      }
    }
    throw otherTable(LatteWeights.SPATIAL_POSITIONS);
  }

  private int frames(LatteConfiguration network) throws IOException {
    int own = network.ownGrid().frames();
    boolean rotary = network.architecture().temporalPosition() == TemporalPosition.ROPE;
    if (isDit() || rotary) {
      return own;
    }
    int frames = weights.shape(LatteWeights.TEMPORAL_POSITIONS)[1];
    float[] table = PositionTables.temporal(frames, new PositionGrid(frames, 1, 1), hiddenSize());
    if (isTable(LatteWeights.TEMPORAL_POSITIONS, table)) {
      return frames;
    }
    // All zeros where the source's positions are rotary.
    if (isTable(LatteWeights.TEMPORAL_POSITIONS, new float[table.length])) {
      return own;
    }
    throw otherTable(LatteWeights.TEMPORAL_POSITIONS);
  }

  private int hiddenSize() throws WeightFormatException {
    return LatteWeights.hiddenSize(weights);
  }

  private boolean isTable(String name, float[] expected) throws IOException {
    float[] stored = weights.floats(name);
    if (stored.length != expected.length) {
      return false;
    }
    for (int i = 0; i < stored.length; i++) {
      if (!(Math.abs(stored[i] - expected[i]) <= TABLE_TOLERANCE)) {
        return false;
      }
    }
    return true;
  }

  private WeightFormatException otherTable(String name) {
    return new WeightFormatException(
        "%s: its %s %s is no table of sines and cosines, and cannot be interpolated: train.start.positions = computed starts with the network's own"
            .formatted(weights.description(), name, Arrays.toString(weights.shape(name))));
  }
}
