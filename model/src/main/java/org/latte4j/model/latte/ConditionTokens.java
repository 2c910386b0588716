package org.latte4j.model.latte;

import java.util.ArrayList;
import java.util.List;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.TokenSequences;

/**
 * All tokens: timestep and class or text are tokens of every frame, behind the frame's patches.
 *
 * <p>The paper says that they join the sequence, not how that goes with attention that is split
 * into space and time. Here every frame has its own copy: spatial attention sees it beside the
 * frame's patches, temporal attention joins the copies of all frames, as it does at every place. So
 * all variants work alike, and tokens stay a matrix. The copies get no spatial position; norms have
 * a learned shift and scale (DiT's in-context blocks are plain ViT blocks), branches no gate; the
 * final layer drops the copies.
 */
final class ConditionTokens implements Condition {
  private final Kernels kernels;
  private final ParameterViews parameters;
  private final TokenLayout layout;
  private final int patches;
  private final int width;
  private final TimestepEmbedding timesteps;
  private final List<LabelEmbedding> labels;
  private final List<TextEmbedding> texts;
  private final List<Tensor> embedded = new ArrayList<>();
  private final List<Tensor> dEmbedded = new ArrayList<>();

  /** [B (F + N), D]: one kind of token, once a frame. */
  private final Tensor byFrame;

  private final TokenSequences onePerFrame;
  private final TokenSequences denseFrames;
  private int[] y = {};

  ConditionTokens(
      Kernels kernels,
      Arena arena,
      LatteConfiguration configuration,
      TokenLayout layout,
      ParameterViews parameters) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.layout = layout;
    this.patches = configuration.tokens();
    this.width = configuration.hiddenSize();
    int items = layout.items();
    this.timesteps = new TimestepEmbedding(kernels, arena, configuration, items, parameters);
    this.labels =
        configuration.conditional() ? List.of(new LabelEmbedding(kernels, parameters)) : List.of();
    this.texts =
        configuration.architecture().text() == TextConditioning.NONE
            ? List.of()
            : List.of(new TextEmbedding(kernels, arena, configuration, items, parameters));
    for (int i = 0; i < configuration.conditionTokens(); i++) {
      embedded.add(arena.allocate(items, width));
      dEmbedded.add(arena.allocate(items, width));
    }
    this.byFrame = arena.allocate(layout.allFrames(), width);
    this.onePerFrame = new TokenSequences(layout.allFrames(), layout.places(), 1, 0, 1, 1);
    this.denseFrames = new TokenSequences(layout.allFrames(), 1, 1, 0, 1, 1);
  }

  @Override
  public void forward(PassInputs inputs) {
    y = inputs.labels();
    timesteps.forward(inputs.timesteps(), embedded.get(0));
    for (LabelEmbedding table : labels) {
      kernels.fill(embedded.get(1), 0);
      table.forward(y, embedded.get(1));
    }
    for (TextEmbedding text : texts) {
      kernels.fill(embedded.get(1), 0);
      text.forward(inputs.text(), embedded.get(1));
    }
  }

  @Override
  public void place(Tensor tokens) {
    for (int i = 0; i < embedded.size(); i++) {
      kernels.fill(byFrame, 0);
      for (RowGroup group : frames().all().groups()) {
        Tensor own = group.items(embedded.get(i));
        kernels.addTable(group.rows(byFrame), own, group.rows() / group.items());
      }
      kernels.copyRows(byFrame, denseFrames, from(tokens, patches + i), onePerFrame);
    }
  }

  /** One row a frame instead of one a token. */
  private TokenLayout frames() {
    return layout.withPlaces(1);
  }

  /** The token matrix from the first frame's token of a place on. */
  private static Tensor from(Tensor tokens, int place) {
    return RowGroup.part(tokens, place, tokens.size(0) - place);
  }

  @Override
  public Modulation modulation(Arena arena, String name, TokenScope scope, int vectors) {
    return new LearnedModulation(
        kernels, arena, parameters, name + ".modulation", scope.groups().size());
  }

  @Override
  public void beginBackward() {
    // Gradients arrive with the tokens.
  }

  @Override
  public void backward(Tensor dTokens) {
    for (int i = 0; i < embedded.size(); i++) {
      kernels.copyRows(from(dTokens, patches + i), onePerFrame, byFrame, denseFrames);
      kernels.fill(dEmbedded.get(i), 0);
      for (RowGroup group : frames().all().groups()) {
        sumFrames(group.rows(byFrame), group.items(dEmbedded.get(i)));
      }
    }
    labels.forEach(table -> table.backward(y, dEmbedded.get(1)));
    texts.forEach(text -> text.backward(dEmbedded.get(1)));
    timesteps.backward(dEmbedded.get(0));
  }

  /** Adds the rows of each condition's frames to the condition's row. */
  private void sumFrames(Tensor rows, Tensor sums) {
    int items = sums.size(0);
    int each = rows.size(0) / items;
    for (int item = 0; item < items; item++) {
      kernels.addColumnSums(
          RowGroup.part(rows, item * each, each), sums.slice((long) item * width, width));
    }
  }
}
