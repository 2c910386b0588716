package org.latte4j.model.latte;

import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/**
 * PixArt-alpha's adaLN-single (arXiv 2310.00426, section 2.3): one Linear(SiLU(timestep)) for the
 * six vectors of all blocks, each of which adds a table of its own. The final layer's two vectors
 * are the timestep's embedding itself plus a table. For forward passes alone.
 */
final class AdaLnSingle implements Condition {
  private static final int BLOCK_VECTORS = 6;

  private final Kernels kernels;
  private final ParameterViews parameters;
  private final TimestepEmbedding timesteps;
  private final Linear linear;
  private final Tensor embedded;
  private final Tensor activated;
  private final Tensor blockVectors;
  private final Tensor finalVectors;
  private final int[] twice;

  AdaLnSingle(
      Kernels kernels,
      Arena arena,
      LatteConfiguration configuration,
      int items,
      ParameterViews parameters) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.timesteps = new TimestepEmbedding(kernels, arena, configuration, items, parameters);
    this.linear = new Linear(kernels, parameters, "adaln_single.linear");
    int d = configuration.hiddenSize();
    this.embedded = arena.allocate(items, d);
    this.activated = arena.allocate(items, d);
    this.blockVectors = arena.allocate(items, BLOCK_VECTORS * d);
    this.finalVectors = arena.allocate(2 * items, d);
    this.twice = new int[2 * items];
    for (int i = 0; i < twice.length; i++) {
      twice[i] = i / 2;
    }
  }

  @Override
  public void forward(PassInputs inputs) {
    timesteps.forward(inputs.timesteps(), embedded);
    kernels.silu(embedded, activated);
    linear.forward(activated, blockVectors);
    kernels.fill(finalVectors, 0);
    kernels.addLookup(embedded, twice, finalVectors);
  }

  @Override
  public void place(Tensor tokens) {
    // The norms bring the condition in.
  }

  @Override
  public Modulation modulation(Arena arena, String name, TokenScope scope, int vectors) {
    boolean block = vectors == BLOCK_VECTORS;
    int width = vectors * embedded.size(1);
    Tensor shared = block ? blockVectors : finalVectors.reshape(embedded.size(0), width);
    String table = block ? name + ".scale_shift_table" : "scale_shift_table";
    return new TableModulation(
        kernels, arena, scope.items(shared), parameters.value(table).reshape(width));
  }

  @Override
  public void beginBackward() {
    throw inferenceAlone();
  }

  @Override
  public void backward(Tensor dTokens) {
    throw inferenceAlone();
  }

  static IllegalStateException inferenceAlone() {
    return new IllegalStateException("LatteT2V makes forward passes alone");
  }

  /** Vectors that all blocks share, plus a table. */
  private static final class TableModulation implements Modulation {
    private final Kernels kernels;
    private final Tensor shared;
    private final Tensor table;
    private final Tensor values;

    TableModulation(Kernels kernels, Arena arena, Tensor shared, Tensor table) {
      this.kernels = kernels;
      this.shared = shared;
      this.table = table;
      this.values = arena.allocate(shared.shape());
    }

    @Override
    public void forward() {
      kernels.copy(shared, values);
      kernels.addBias(values, table);
    }

    @Override
    public Tensor values(RowGroup group) {
      return group.items(values);
    }

    @Override
    public Tensor gradients(RowGroup group) {
      throw inferenceAlone();
    }

    @Override
    public Modulation shared() {
      throw inferenceAlone();
    }

    @Override
    public void backward() {
      throw inferenceAlone();
    }
  }
}
