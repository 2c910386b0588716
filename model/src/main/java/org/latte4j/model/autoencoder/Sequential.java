package org.latte4j.model.autoencoder;

import java.util.List;
import org.latte4j.model.kernels.Tensor;

/** Layers one after the other. Each output is given back as soon as the next layer has used it. */
record Sequential(List<Layer> layers) implements Layer {
  Sequential {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("a sequence needs at least one layer");
    }
    layers = List.copyOf(layers);
  }

  static Sequential of(Layer... layers) {
    return new Sequential(List.of(layers));
  }

  @Override
  public Tensor forward(Tensor x, Pass pass) {
    Tensor h = layers.get(0).forward(x, pass);
    for (Layer layer : layers.subList(1, layers.size())) {
      Tensor next = layer.forward(h, pass);
      pass.giveBack(h);
      h = next;
    }
    return h;
  }
}
