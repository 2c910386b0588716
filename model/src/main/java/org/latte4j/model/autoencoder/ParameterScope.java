package org.latte4j.model.autoencoder;

import java.util.Map;
import org.latte4j.model.kernels.Tensor;

/**
 * Parameters by name, seen from one module.
 *
 * @param tensors all parameters by their full name
 * @param prefix the module's path with a dot at its end; empty for the whole network
 */
record ParameterScope(Map<String, Tensor> tensors, String prefix) {
  /** The parameters of a part, for example {@code in("resnets.0")}. */
  ParameterScope in(String part) {
    return new ParameterScope(tensors, prefix + part + ".");
  }

  boolean contains(String name) {
    return tensors.containsKey(prefix + name);
  }

  Tensor tensor(String name) {
    Tensor tensor = tensors.get(prefix + name);
    if (tensor == null) {
      throw new IllegalStateException("the layout has no parameter " + prefix + name);
    }
    return tensor;
  }
}
