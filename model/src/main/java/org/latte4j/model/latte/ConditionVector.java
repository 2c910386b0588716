package org.latte4j.model.latte;

import java.util.List;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/**
 * The condition of adaptive layer norm: one vector c = timestep embedding + class or text
 * embedding.
 */
final class ConditionVector implements Condition {
  private final Kernels kernels;
  private final ParameterViews parameters;
  private final TimestepEmbedding timesteps;
  private final List<LabelEmbedding> labels;
  private final List<TextEmbedding> texts;
  private final Tensor condition;
  private final Tensor activated;
  private final Tensor dCondition;
  private final Tensor dActivated;
  private int[] y = {};

  ConditionVector(
      Kernels kernels,
      Arena arena,
      LatteConfiguration configuration,
      TokenLayout layout,
      ParameterViews parameters) {
    this.kernels = kernels;
    this.parameters = parameters;
    int items = layout.items();
    int d = configuration.hiddenSize();
    this.timesteps = new TimestepEmbedding(kernels, arena, configuration, items, parameters);
    this.labels =
        configuration.conditional() ? List.of(new LabelEmbedding(kernels, parameters)) : List.of();
    this.texts =
        configuration.architecture().text() == TextConditioning.NONE
            ? List.of()
            : List.of(new TextEmbedding(kernels, arena, configuration, items, parameters));
    this.condition = arena.allocate(items, d);
    this.activated = arena.allocate(items, d);
    this.dCondition = arena.allocate(items, d);
    this.dActivated = arena.allocate(items, d);
  }

  @Override
  public void forward(PassInputs inputs) {
    y = inputs.labels();
    timesteps.forward(inputs.timesteps(), condition);
    labels.forEach(table -> table.forward(y, condition));
    texts.forEach(text -> text.forward(inputs.text(), condition));
    kernels.silu(condition, activated);
  }

  @Override
  public void place(Tensor tokens) {
    // The norms bring the condition in.
  }

  @Override
  public Modulation modulation(Arena arena, String name, TokenScope scope, int vectors) {
    return new RegressedModulation(
        kernels,
        arena,
        new Linear(kernels, parameters, name + ".adaLN_modulation.1"),
        scope.items(activated),
        scope.items(dActivated),
        vectors);
  }

  @Override
  public void beginBackward() {
    kernels.fill(dActivated, 0);
  }

  @Override
  public void backward(Tensor dTokens) {
    kernels.siluBackward(condition, dActivated, dCondition);
    labels.forEach(table -> table.backward(y, dCondition));
    texts.forEach(text -> text.backward(dCondition));
    timesteps.backward(dCondition);
  }
}
