package org.latte4j.model.latte;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.TokenSequences;

/**
 * The transformer blocks of all four variants (section 3.2, figure 2), composed of the same
 * modules:
 *
 * <pre>
 *   Variant 1   spatial block, temporal block, spatial block, temporal block, ...
 *   Variant 2   spatial block, spatial block, ..., temporal block, temporal block, ...
 *   Variant 3   [spatial attention, temporal attention, MLP], ...
 *   Variant 4   [spatial attention + temporal attention, MLP], ...
 *   where a spatial block is [spatial attention, MLP], and a temporal block likewise
 * </pre>
 *
 * <p>What the paper leaves open is decided by its sizes. Latte-XL/2 has 673.68 M parameters in
 * Variants 1 and 2, 676.33 M in Variant 3 and 676.44 M in Variant 4.
 *
 * <ul>
 *   <li>Variant 3: 23 blocks with one set of six vectors each make 676.36 M (676.33 M with one bias
 *       of D values less a block). So there are three vectors for attention and three for the MLP,
 *       and both attentions use the former.
 *   <li>Variant 4: attentions that share the width D between them make 674 M with 28 blocks, and no
 *       number of blocks comes near 676.44 M. Two attentions of D values each, with half the heads
 *       of twice the width, make 676.36 M with 23 blocks: this is what is meant here by giving half
 *       of the heads to each.
 *   <li>The temporal position table is added once, to the tokens that the first temporal module
 *       meets: after the first spatial block in Variant 1 (as the reference does it), after the
 *       last one in Variant 2, before the first block in Variants 3 and 4.
 * </ul>
 *
 * <p>Images (section 3.4) take part in spatial modules alone: temporal blocks, the temporal
 * attention of Variant 3 and that of Variant 4 see the videos' rows only.
 */
final class BlockStack {
  /** Branches of a block that have vectors of their own: attention and the feed-forward layer. */
  static final int BRANCHES = 2;

  private static final int ATTENTION = 0;
  private static final int MLP = 1;

  private final Kernels kernels;
  private final Arena arena;
  private final SharedStorage shared;
  private final LatteConfiguration configuration;
  private final LattePlan plan;
  private final TokenLayout layout;
  private final ParameterViews parameters;
  private final Condition condition;
  private final int width;
  private final List<RotaryPositions> rotary;
  private final Tensor ones;
  private final Tensor ignored;
  private final List<Tensor> outputs = new ArrayList<>();
  private final List<TransformerBlock> blocks = new ArrayList<>();

  BlockStack(
      Kernels kernels,
      Arena arena,
      LatteConfiguration configuration,
      LattePlan plan,
      TokenLayout layout,
      ParameterViews parameters,
      Condition condition) {
    this.kernels = kernels;
    this.arena = arena;
    this.shared = new SharedStorage(arena);
    this.configuration = configuration;
    this.plan = plan;
    this.layout = layout;
    this.parameters = parameters;
    this.condition = condition;
    this.width = configuration.hiddenSize();
    this.rotary = rotary();
    this.ones = arena.allocate(1, width);
    this.ignored = arena.allocate(1, width);
    kernels.fill(ones, 1);
    for (int i = 0; i < configuration.depth(); i++) {
      blocks.add(new BlockBuilder(i).build());
    }
  }

  private List<RotaryPositions> rotary() {
    if (configuration.architecture().temporalPosition() == TemporalPosition.ABSOLUTE) {
      return List.of();
    }
    int heads = configuration.attentionHeads();
    return List.of(
        new RotaryPositions(
            kernels, arena, layout, heads, width / heads, configuration.positions().frames()));
  }

  /** The blocks in the order of their work. */
  List<TransformerBlock> blocks() {
    return blocks;
  }

  /** The block before which the temporal position table is added. */
  static int firstTemporalBlock(LatteConfiguration configuration) {
    return switch (configuration.architecture().variant()) {
      case INTERLEAVED -> 1;
      case LATE_FUSION -> configuration.depth() / 2;
      case SEQUENTIAL_ATTENTION, PARALLEL_ATTENTION -> 0;
    };
  }

  /** Composes one block. */
  private final class BlockBuilder {
    private final int index;
    private final String name;
    private final Arena storage;
    private final Tensor output;

    BlockBuilder(int index) {
      this.index = index;
      this.name = "blocks." + index;
      this.output = output();
      if (plan.purpose() == LattePlan.Purpose.TRAINING) {
        this.storage = arena;
      } else {
        shared.restart();
        this.storage = shared;
      }
    }

    /** [R, D]: every block's own where a backward pass follows, else one of two in turn. */
    private Tensor output() {
      if (plan.purpose() == LattePlan.Purpose.INFERENCE && index >= 2) {
        return outputs.get(index % 2);
      }
      outputs.add(arena.allocate(layout.rows(), width));
      return outputs.get(index);
    }

    TransformerBlock build() {
      return switch (configuration.architecture().variant()) {
        case INTERLEAVED -> index % 2 == 0 ? spatialBlock() : temporalBlock();
        case LATE_FUSION -> index < configuration.depth() / 2 ? spatialBlock() : temporalBlock();
        case SEQUENTIAL_ATTENTION -> sequentialBlock();
        case PARALLEL_ATTENTION -> parallelBlock();
      };
    }

    private TransformerBlock spatialBlock() {
      return block(layout.all(), () -> spatialAttention(name + ".attn"));
    }

    private TransformerBlock temporalBlock() {
      return block(layout.video(), () -> temporalAttention(name + ".attn"));
    }

    private TransformerBlock sequentialBlock() {
      TokenScope all = layout.all();
      Modulation modulation = modulation(all);
      return new TransformerBlock(
          modulation,
          List.of(
              attention(spatialAttention(name + ".attn"), all, modulation),
              attention(
                  temporalAttention(name + ".temporal_attn"), layout.video(), modulation.shared()),
              feedForward(all, modulation)));
    }

    private TransformerBlock parallelBlock() {
      return block(
          layout.all(),
          () ->
              new ParallelAttention(
                  kernels,
                  spatialAttention(name + ".attn"),
                  temporalAttention(name + ".temporal_attn"),
                  layout.video()));
    }

    /** One attention and the feed-forward part; storage is planned in the order of their work. */
    private TransformerBlock block(TokenScope scope, Supplier<Branch> attention) {
      Modulation modulation = modulation(scope);
      return new TransformerBlock(
          modulation,
          List.of(attention(attention.get(), scope, modulation), feedForward(scope, modulation)));
    }

    private SelfAttention spatialAttention(String attention) {
      return selfAttention(attention, layout.all(), layout.spatial(), List.of());
    }

    private SelfAttention temporalAttention(String attention) {
      return selfAttention(attention, layout.video(), layout.temporal(), rotary);
    }

    private SelfAttention selfAttention(
        String attention,
        TokenScope scope,
        TokenSequences sequences,
        List<RotaryPositions> positions) {
      return new SelfAttention(
          kernels,
          storage,
          parameters,
          attention,
          configuration.attentionHeads(),
          scope.rows(),
          width,
          sequences,
          positions);
    }

    private Modulation modulation(TokenScope scope) {
      return condition.modulation(storage, name, scope, BRANCHES * vectorsPerBranch());
    }

    private Residual attention(Branch branch, TokenScope scope, Modulation modulation) {
      Tensor between = storage.allocate(layout.rows(), width);
      return residual(branch, ATTENTION, scope, modulation, between);
    }

    /** The last residual of a block. */
    private Residual feedForward(TokenScope scope, Modulation modulation) {
      Branch branch =
          new FeedForward(kernels, storage, parameters, name + ".mlp", scope.rows(), width);
      return residual(branch, MLP, scope, modulation, output);
    }

    private Residual residual(
        Branch branch, int place, TokenScope scope, Modulation modulation, Tensor result) {
      int shift = place * vectorsPerBranch();
      Gate gate =
          configuration.architecture().conditioning() == Conditioning.S_ADALN
              ? Gate.of(modulation, shift + 2)
              : Gate.open(ones, ignored);
      return new Residual(kernels, storage, branch, scope, modulation, shift, gate, result);
    }

    private int vectorsPerBranch() {
      return configuration.architecture().conditioning().vectorsPerBranch();
    }
  }
}
