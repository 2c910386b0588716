package org.latte4j.model.training;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.latte4j.model.latte.ParameterLayout;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** All parameters as one flat vector: files know them by name, Deeplearning4j need not. */
final class FlatParameters implements ParamInitializer {
  static final String KEY = "latte";

  @Override
  public long numParams(NeuralNetConfiguration configuration) {
    return numParams(configuration.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    return new ParameterLayout(((LatteLayerConfiguration) layer).sizes()).length();
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return List.of(KEY);
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return List.of(KEY);
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return List.of();
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return true;
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return false;
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration configuration, INDArray view, boolean initialize) {
    if (initialize) {
      initialise((LatteLayerConfiguration) configuration.getLayer(), configuration, view);
    }
    configuration.addVariable(KEY);
    return Map.of(KEY, view);
  }

  private static void initialise(
      LatteLayerConfiguration layer, NeuralNetConfiguration configuration, INDArray view) {
    INDArray flat = view.reshape(view.length());
    for (ParameterLayout.Parameter parameter : new ParameterLayout(layer.sizes()).parameters()) {
      float[] values = parameter.initialValues(configuration.getSeed());
      flat.get(NDArrayIndex.interval(parameter.offset(), parameter.offset() + values.length))
          .assign(Nd4j.createFromArray(values));
    }
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration configuration, INDArray gradient) {
    return Map.of(KEY, gradient);
  }
}
