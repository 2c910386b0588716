package org.latte4j.model.latte;

import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/** A table of K + 1 vectors, one a class; the last stands for no class. */
final class LabelEmbedding {
  private final Kernels kernels;
  private final Tensor table;
  private final Tensor tableGradient;

  LabelEmbedding(Kernels kernels, ParameterViews parameters) {
    this.kernels = kernels;
    this.table = parameters.value("y_embedder.embedding_table.weight");
    this.tableGradient = parameters.gradient("y_embedder.embedding_table.weight");
  }

  /** Adds each label's vector to the condition [items, D]. */
  void forward(int[] y, Tensor condition) {
    kernels.addLookup(table, y, condition);
  }

  void backward(int[] y, Tensor dCondition) {
    kernels.addLookupGradient(dCondition, y, tableGradient);
  }
}
