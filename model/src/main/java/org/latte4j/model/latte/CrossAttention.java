package org.latte4j.model.latte;

import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Operand;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.Write;

/**
 * Multi-head attention of a clip's tokens to those of its text, added to the residual stream as it
 * is: no norm before it, no gate behind it. All frames attend to the same text, so that a head's
 * queries are one matrix. A text has the tokens that count: none is masked. For forward passes
 * alone.
 */
final class CrossAttention {
  /** [n, heads, d] to [heads, n, d]. */
  private static final int[] BY_HEAD = {1, 0, 2};

  /** [L, 2, heads, d] to [2, heads, L, d]. */
  private static final int[] KEYS_AND_VALUES_BY_HEAD = {1, 2, 0, 3};

  private final Kernels kernels;
  private final int heads;
  private final Linear queryMap;
  private final Linear keyValueMap;
  private final Linear projection;
  private final Tensor queries;
  private final Tensor queriesByHead;
  private final Tensor keysAndValues;
  private final Tensor keysAndValuesByHead;
  private final Tensor probabilities;
  private final Tensor added;
  private final Tensor ones;

  /**
   * Plans its activations.
   *
   * @param rows R, the clip's tokens
   * @param tokens of a text, at most
   * @param ones [1, D]
   */
  CrossAttention(
      Kernels kernels,
      Arena arena,
      ParameterViews parameters,
      String name,
      int heads,
      int rows,
      int tokens,
      Tensor ones) {
    this.kernels = kernels;
    this.heads = heads;
    this.queryMap = new Linear(kernels, parameters, name + ".q");
    this.keyValueMap = new Linear(kernels, parameters, name + ".kv");
    this.projection = new Linear(kernels, parameters, name + ".proj");
    this.ones = ones;
    int width = ones.size(1);
    this.queries = arena.allocate(rows, width);
    this.queriesByHead = arena.allocate(rows, width);
    this.keysAndValues = arena.allocate(tokens, 2 * width);
    this.keysAndValuesByHead = arena.allocate(tokens, 2 * width);
    this.probabilities = arena.allocate(rows, tokens);
    this.added = arena.allocate(rows, width);
  }

  /**
   * One forward pass.
   *
   * @param x [R, D]
   * @param text [L, D]
   * @param out [R, D]
   */
  void forward(Tensor x, Tensor text, Tensor out) {
    queryMap.forward(x, queries);
    attend(text);
    projection.forwardWithoutBias(queries, Write.SET, added);
    kernels.gatedAdd(x, added, projection.bias(), ones, 0, out);
  }

  /** Replaces the queries by what they attend to. */
  private void attend(Tensor text) {
    int n = queries.size(0);
    int width = queries.size(1);
    int length = text.size(0);
    int d = width / heads;
    Tensor fused = keysAndValues.slice(0, length, 2 * width);
    keyValueMap.forward(text, fused);
    Tensor byHead = keysAndValuesByHead.slice(0, 2, heads, length, d);
    kernels.permute(fused.reshape(length, 2, heads, d), KEYS_AND_VALUES_BY_HEAD, byHead);
    Tensor queryHeads = queriesByHead.reshape(heads, n, d);
    kernels.permute(queries.reshape(n, heads, d), BY_HEAD, queryHeads);
    Tensor scores = probabilities.slice(0, n, length);
    for (int head = 0; head < heads; head++) {
      Tensor query = queryHeads.slice((long) head * n * d, n, d);
      Tensor keys = byHead.slice((long) head * length * d, length, d);
      Tensor values = byHead.slice((long) (heads + head) * length * d, length, d);
      kernels.multiply(query, Operand.PLAIN, keys, Operand.TRANSPOSED, Write.SET, scores);
      kernels.softmax(scores, 1 / Math.sqrt(d));
      kernels.multiply(scores, Operand.PLAIN, values, Operand.PLAIN, Write.SET, query);
    }
    kernels.permute(queryHeads, BY_HEAD, queries.reshape(n, heads, d));
  }
}
