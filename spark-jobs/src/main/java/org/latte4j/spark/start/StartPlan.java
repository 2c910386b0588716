package org.latte4j.spark.start;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.latte4j.model.latte.Conditioning;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LatteWeights;
import org.latte4j.model.latte.ParameterLayout;
import org.latte4j.model.latte.PositionGrid;
import org.latte4j.model.latte.Variant;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.spark.start.StartReport.Entry;
import org.latte4j.spark.start.StartSettings.Positions;
import org.latte4j.spark.start.StartSettings.TemporalBlocks;

/**
 * What each parameter of a network begins with, when weights made before are brought over.
 *
 * <p>Parameters are found by name. An image model's label table is dropped: its labels are those of
 * another data set. With {@code spatial-only}, the network's n-th spatial block takes the n-th
 * block of an image model that has as many blocks as the network has spatial ones, so that it
 * begins as that model frame by frame (but for the temporal position table, which is added to the
 * tokens); with another number of blocks each takes that of its own index. Temporal blocks then
 * begin as the identity: with the zero gates that they are initialised with, or with zero output
 * projections where the conditioning has no gates.
 *
 * <p>Immutable.
 */
public final class StartPlan implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String LABELS = "y_embedder.embedding_table.weight";
  private static final Pattern IN_BLOCK = Pattern.compile("blocks\\.(\\d+)\\.(.+)");
  private static final Pattern OUTPUT_PROJECTION =
      Pattern.compile("(attn\\.proj|mlp\\.fc2)\\.weight");
  private static final Set<String> TABLES =
      Set.of(LatteWeights.SPATIAL_POSITIONS, LatteWeights.TEMPORAL_POSITIONS);

  private final LatteConfiguration network;
  private final HashMap<String, String> loaded;
  private final HashSet<String> zero;

  private StartPlan(
      LatteConfiguration network, HashMap<String, String> loaded, HashSet<String> zero) {
    this.network = network;
    this.loaded = loaded;
    this.zero = zero;
  }

  /** A plan and what there is to say about it. */
  public record Planned(StartPlan plan, StartReport report) {}

  /**
   * Plans from names and shapes.
   *
   * @param weights to start from; closed by the caller
   * @param sizes that lie beside them, if any do
   * @param network to be trained
   * @throws SettingsException if the two networks' tokens differ in kind, or no block can be loaded
   * @throws IOException if the weights cannot be read
   */
  public static Planned of(
      WeightSource weights,
      Optional<LatteConfiguration> sizes,
      LatteConfiguration network,
      StartSettings settings)
      throws IOException {
    SourceModel source = new SourceModel(weights, sizes);
    source.check(network);
    return new Builder(weights, source, network, settings).plan();
  }

  /** The network, with the grid that its positions are laid over. */
  public LatteConfiguration network() {
    return network;
  }

  /** The source's array that a parameter begins with; empty if it begins with none. */
  Optional<String> sourceOf(String parameter) {
    return Optional.ofNullable(loaded.get(parameter));
  }

  /** Whether a parameter that is not loaded begins as zeros whatever its initialisation says. */
  boolean isZero(String parameter) {
    return zero.contains(parameter);
  }

  /** Goes through the network's parameters. */
  private static final class Builder {
    private final WeightSource weights;
    private final SourceModel source;
    private final LatteConfiguration network;
    private final StartSettings settings;
    private final boolean joined;
    private final HashMap<String, String> loaded = new HashMap<>();
    private final HashSet<String> zero = new HashSet<>();
    private final Map<String, String> reasons = new HashMap<>();
    private final List<Entry> missing = new ArrayList<>();
    private long loadedValues;

    Builder(
        WeightSource weights,
        SourceModel source,
        LatteConfiguration network,
        StartSettings settings) {
      this.weights = weights;
      this.source = source;
      this.network = network;
      this.settings = settings;
      this.joined = network.architecture().variant().joinsSpaceAndTime();
    }

    Planned plan() throws IOException {
      ParameterLayout layout = new ParameterLayout(network);
      for (ParameterLayout.Parameter parameter : layout.parameters()) {
        plan(parameter);
      }
      if (loaded.keySet().stream().noneMatch(name -> IN_BLOCK.matcher(name).matches())) {
        throw new SettingsException(
            "train.start-from: nothing of the blocks of %s fits this network; compare the settings model.*"
                .formatted(weights.description()));
      }
      PositionGrid own = network.ownGrid();
      PositionGrid grid =
          settings.positions() == Positions.COMPUTED ? own : source.positions(network);
      StartReport report =
          new StartReport(
              weights.description(),
              source.kind(),
              loaded.size(),
              layout.parameters().size(),
              loadedValues,
              layout.length(),
              skipped(),
              missing,
              said(grid, own));
      return new Planned(new StartPlan(network.with(grid), loaded, zero), report);
    }

    private void plan(ParameterLayout.Parameter parameter) {
      String name = parameter.name();
      Matcher inBlock = IN_BLOCK.matcher(name);
      if (name.equals(LABELS) && source.isDit()) {
        reasons.put(LABELS, "labels of an image model");
        miss(name, "initialised");
      } else if (!inBlock.matches()) {
        load(parameter, name);
      } else if (settings.temporalBlocks() == TemporalBlocks.BY_INDEX) {
        load(parameter, name);
      } else {
        spatialOnly(parameter, Integer.parseInt(inBlock.group(1)), inBlock.group(2));
      }
    }

    private void spatialOnly(ParameterLayout.Parameter parameter, int block, String rest) {
      boolean temporal = network.architecture().variant().isTemporal(block, network.depth());
      if (!temporal && !(joined && rest.startsWith("temporal_"))) {
        load(parameter, "blocks." + sourceBlock(block) + "." + rest);
        return;
      }
      boolean gated = !joined && network.architecture().conditioning() == Conditioning.S_ADALN;
      if (!gated && OUTPUT_PROJECTION.matcher(rest.replaceFirst("^temporal_", "")).matches()) {
        zero.add(parameter.name());
      }
      miss(parameter.name(), "temporal, begins as the identity");
    }

    private int sourceBlock(int block) {
      Variant variant = network.architecture().variant();
      boolean oneEach = !joined && source.isDit() && source.depth() == network.depth() / 2;
      return oneEach && variant == Variant.INTERLEAVED ? block / 2 : block;
    }

    private void load(ParameterLayout.Parameter parameter, String from) {
      if (!weights.contains(from)) {
        miss(parameter.name(), "initialised");
      } else if (!Arrays.equals(weights.shape(from), parameter.sizes())) {
        String shapes =
            "has shape %s, and the network's has %s"
                .formatted(Arrays.toString(weights.shape(from)), parameter.shape());
        reasons.put(from, shapes);
        miss(parameter.name(), "initialised");
      } else {
        loaded.put(parameter.name(), from);
        loadedValues += parameter.length();
      }
    }

    private void miss(String name, String beginsAs) {
      missing.add(new Entry(name, beginsAs));
    }

    private List<Entry> skipped() {
      Set<String> used = new HashSet<>(loaded.values());
      List<Entry> skipped = new ArrayList<>();
      for (String name : weights.names()) {
        if (!used.contains(name) && !TABLES.contains(name)) {
          skipped.add(new Entry(name, reasons.getOrDefault(name, "not asked for by this network")));
        }
      }
      return skipped;
    }

    private static String said(PositionGrid grid, PositionGrid own) {
      return grid.equals(own)
          ? "those of a fresh network, %s".formatted(words(own))
          : "%s of the source, stretched over %s".formatted(words(grid), words(own));
    }

    private static String words(PositionGrid grid) {
      return "%d frames of %d x %d".formatted(grid.frames(), grid.rows(), grid.columns());
    }
  }
}
