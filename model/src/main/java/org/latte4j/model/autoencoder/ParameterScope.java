package org.latte4j.model.autoencoder;

import java.util.Map;
import org.latte4j.model.kernels.Tensor;

/**
 * Parameters by name, seen from one module.
 *
 * @param tensors all parameters by their full name
 * @param gradients of all parameters likewise; empty where nothing is trained
 * @param prefix the module's path with a dot at its end; empty for the whole network
 */
record ParameterScope(Map<String, Tensor> tensors, Map<String, Tensor> gradients, String prefix) {
  /** The parameters of a whole network that is not trained. */
  static ParameterScope of(Map<String, Tensor> tensors) {
    return new ParameterScope(tensors, Map.of(), "");
  }

  /** The parameters of a whole network, and where their gradients are summed up. */
  static ParameterScope of(Map<String, Tensor> tensors, Map<String, Tensor> gradients) {
    return new ParameterScope(tensors, gradients, "");
  }

  /** The parameters of a part, for example {@code in("resnets.0")}. */
  ParameterScope in(String part) {
    return new ParameterScope(tensors, gradients, prefix + part + ".");
  }

  boolean contains(String name) {
    return tensors.containsKey(prefix + name);
  }

  Tensor tensor(String name) {
    return in(tensors, name, "parameter");
  }

  Tensor gradient(String name) {
    return in(gradients, name, "gradient of");
  }

  private Tensor in(Map<String, Tensor> all, String name, String what) {
    Tensor tensor = all.get(prefix + name);
    if (tensor == null) {
      throw new IllegalStateException("the layout has no " + what + " " + prefix + name);
    }
    return tensor;
  }
}
