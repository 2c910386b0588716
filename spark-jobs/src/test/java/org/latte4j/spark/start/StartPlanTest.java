package org.latte4j.spark.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.latte4j.spark.start.StartSettings.Positions.COMPUTED;
import static org.latte4j.spark.start.StartSettings.Positions.INTERPOLATED;
import static org.latte4j.spark.start.StartSettings.TemporalBlocks.BY_INDEX;
import static org.latte4j.spark.start.StartSettings.TemporalBlocks.SPATIAL_ONLY;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.latte.Architecture;
import org.latte4j.model.latte.Conditioning;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.PositionGrid;
import org.latte4j.model.latte.TemporalPosition;
import org.latte4j.model.latte.Variant;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.WeightFormatException;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.model.weights.Weights;
import org.latte4j.spark.start.StartReport.Entry;

class StartPlanTest {
  private static final LatteConfiguration NETWORK = sizes(4, 4, 8, 3);

  @TempDir Path folder;

  private static LatteConfiguration sizes(int depth, int frames, int side, int classes) {
    return new LatteConfiguration(depth, 16, 2, 2, new LatentShape(frames, 4, side, side), classes);
  }

  @Test
  void byIndexEveryBlockOfAnImageModelIsTakenAndItsLabelsAreNot() throws IOException {
    StartPlan.Planned planned = plan(MadeWeights.dit(NETWORK), NETWORK, BY_INDEX, INTERPOLATED);
    StartReport report = planned.report();
    assertThat(report.kind()).contains("DiT");
    assertThat(report.loadedParameters()).isEqualTo(report.parameters() - 1);
    assertThat(report.skipped())
        .containsExactly(
            new Entry("y_embedder.embedding_table.weight", "labels of an image model"));
    assertThat(report.missing())
        .containsExactly(new Entry("y_embedder.embedding_table.weight", "initialised"));
    assertThat(planned.plan().sourceOf("blocks.3.attn.qkv.weight"))
        .contains("blocks.3.attn.qkv.weight");
    assertThat(planned.plan().network()).isEqualTo(NETWORK);
  }

  @Test
  void spatialOnlyLeavesTemporalBlocksWithoutGates() throws IOException {
    StartPlan.Planned planned = plan(MadeWeights.dit(NETWORK), NETWORK, SPATIAL_ONLY, INTERPOLATED);
    assertThat(planned.plan().sourceOf("blocks.2.mlp.fc1.bias")).contains("blocks.2.mlp.fc1.bias");
    assertThat(planned.plan().sourceOf("blocks.1.mlp.fc1.bias")).isEmpty();
    assertThat(planned.plan().isZero("blocks.1.attn.proj.weight")).isFalse();
    assertThat(planned.report().missing())
        .contains(
            new Entry("blocks.3.adaLN_modulation.1.weight", "temporal, begins as the identity"));
    assertThat(planned.report().lines())
        .anyMatch(line -> line.contains("missing: 20 parameters of blocks 1, 3: temporal"))
        .anyMatch(line -> line.contains("skipped: 20 parameters of blocks 1, 3: not asked for"));
  }

  @Test
  void anImageModelOfHalfTheDepthGivesEverySpatialBlockOneInTurn() throws IOException {
    MadeWeights dit = MadeWeights.dit(sizes(2, 4, 8, 3));
    StartPlan plan = plan(dit, NETWORK, SPATIAL_ONLY, INTERPOLATED).plan();
    assertThat(plan.sourceOf("blocks.0.attn.qkv.bias")).contains("blocks.0.attn.qkv.bias");
    assertThat(plan.sourceOf("blocks.2.attn.qkv.bias")).contains("blocks.1.attn.qkv.bias");
    LatteConfiguration late = NETWORK.with(Architecture.REFERENCE.with(Variant.LATE_FUSION));
    StartPlan lateFusion = plan(dit, late, SPATIAL_ONLY, INTERPOLATED).plan();
    assertThat(lateFusion.sourceOf("blocks.1.attn.qkv.bias")).contains("blocks.1.attn.qkv.bias");
    assertThat(lateFusion.sourceOf("blocks.2.attn.qkv.bias")).isEmpty();
  }

  @Test
  void temporalBlocksWithoutGatesHaveZeroOutputProjections() throws IOException {
    LatteConfiguration plain = NETWORK.with(Architecture.REFERENCE.with(Conditioning.ADALN));
    StartPlan.Planned planned = plan(MadeWeights.dit(NETWORK), plain, SPATIAL_ONLY, INTERPOLATED);
    assertThat(planned.plan().isZero("blocks.1.attn.proj.weight")).isTrue();
    assertThat(planned.plan().isZero("blocks.1.mlp.fc2.weight")).isTrue();
    assertThat(planned.plan().isZero("blocks.0.mlp.fc2.weight")).isFalse();
    assertThat(planned.report().skipped())
        .contains(
            new Entry(
                "blocks.0.adaLN_modulation.1.bias", "has shape [96], and the network's has [64]"));
  }

  @Test
  void attentionOverTimeBesideThatOverSpaceBeginsWithAZeroOutputProjection() throws IOException {
    LatteConfiguration variant3 =
        NETWORK.with(Architecture.REFERENCE.with(Variant.SEQUENTIAL_ATTENTION));
    StartPlan plan = plan(MadeWeights.dit(NETWORK), variant3, SPATIAL_ONLY, INTERPOLATED).plan();
    assertThat(plan.sourceOf("blocks.1.attn.proj.weight")).contains("blocks.1.attn.proj.weight");
    assertThat(plan.isZero("blocks.1.temporal_attn.proj.weight")).isTrue();
    assertThat(plan.isZero("blocks.1.temporal_attn.qkv.weight")).isFalse();
  }

  @Test
  void aLatteKeepsItsLabelsIfTheirNumberIsTheSame() throws IOException {
    StartReport same = plan(MadeWeights.latte(NETWORK), NETWORK, BY_INDEX, INTERPOLATED).report();
    assertThat(same.loadedParameters()).isEqualTo(same.parameters());
    assertThat(same.loadedValues()).isEqualTo(same.values());
    StartReport other =
        plan(MadeWeights.latte(sizes(4, 4, 8, 5)), NETWORK, BY_INDEX, INTERPOLATED).report();
    assertThat(other.skipped())
        .containsExactly(
            new Entry(
                "y_embedder.embedding_table.weight",
                "has shape [6, 16], and the network's has [4, 16]"));
  }

  @Test
  void positionsOfAnotherResolutionAndLengthAreStretched() throws IOException {
    MadeWeights smaller = MadeWeights.latte(sizes(4, 2, 4, 3));
    StartPlan.Planned planned = plan(smaller, NETWORK, BY_INDEX, INTERPOLATED);
    assertThat(planned.plan().network().positions()).isEqualTo(new PositionGrid(2, 2, 2));
    assertThat(planned.report().positions())
        .isEqualTo("2 frames of 2 x 2 of the source, stretched over 4 frames of 4 x 4");
    assertThat(plan(smaller, NETWORK, BY_INDEX, COMPUTED).plan().network()).isEqualTo(NETWORK);
  }

  @Test
  void anImageModelHasNoPositionsInTime() throws IOException {
    MadeWeights dit = MadeWeights.dit(sizes(4, 2, 4, 3));
    StartPlan plan = plan(dit, NETWORK, BY_INDEX, INTERPOLATED).plan();
    assertThat(plan.network().positions()).isEqualTo(new PositionGrid(4, 2, 2));
  }

  @Test
  void rotaryPositionsAreNotMeasuredAgainstATable() throws IOException {
    LatteConfiguration rope = NETWORK.with(Architecture.REFERENCE.with(TemporalPosition.ROPE));
    StartPlan plan =
        plan(MadeWeights.latte(sizes(4, 2, 8, 3)), rope, BY_INDEX, INTERPOLATED).plan();
    assertThat(plan.network().positions()).isEqualTo(rope.ownGrid());
  }

  @Test
  void aTableThatIsNotOfSinesAndCosinesIsNotInterpolated() throws IOException {
    MadeWeights learned = MadeWeights.latte(NETWORK).put("pos_embed", new float[256], 1, 16, 16);
    assertThatThrownBy(() -> plan(learned, NETWORK, BY_INDEX, INTERPOLATED))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("train.start.positions = computed");
    assertThat(plan(learned, NETWORK, BY_INDEX, COMPUTED).plan().network()).isEqualTo(NETWORK);
  }

  @Test
  void otherPatchesWidthsChannelsAndHeadsAreRefused() throws IOException {
    LatentShape latent = NETWORK.latent();
    List<LatteConfiguration> others =
        List.of(
            new LatteConfiguration(4, 16, 2, 4, latent, 3),
            new LatteConfiguration(4, 32, 2, 2, latent, 3),
            new LatteConfiguration(4, 16, 2, 2, new LatentShape(4, 3, 8, 8), 3));
    List<String> words = List.of("patch size is 4", "width is 32", "latent channels is 3");
    for (int i = 0; i < others.size(); i++) {
      MadeWeights weights = MadeWeights.latte(others.get(i));
      assertThatThrownBy(() -> plan(weights, NETWORK, BY_INDEX, INTERPOLATED))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining(words.get(i));
    }
    try (WeightSource source = open(MadeWeights.latte(NETWORK))) {
      LatteConfiguration fourHeads = new LatteConfiguration(4, 16, 4, 2, latent, 3);
      assertThatThrownBy(
              () ->
                  StartPlan.of(
                      source,
                      Optional.of(fourHeads),
                      NETWORK,
                      new StartSettings("w", BY_INDEX, INTERPOLATED)))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("attention heads is 4");
    }
  }

  private StartPlan.Planned plan(
      MadeWeights weights,
      LatteConfiguration network,
      StartSettings.TemporalBlocks temporal,
      StartSettings.Positions positions)
      throws IOException {
    try (WeightSource source = open(weights)) {
      return StartPlan.of(
          source, Optional.empty(), network, new StartSettings("w", temporal, positions));
    }
  }

  private WeightSource open(MadeWeights weights) throws IOException {
    return Weights.open(weights.safetensors(folder.resolve("w.safetensors")), Part.MODEL);
  }
}
