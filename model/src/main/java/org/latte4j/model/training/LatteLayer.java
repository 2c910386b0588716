package org.latte4j.model.training;

import java.util.List;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.KernelsChoice;
import org.latte4j.model.latte.LattePlan;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Latte and its loss as the output layer of a Deeplearning4j network. A step runs forward and
 * backward exactly once, in {@link #backpropGradient}; see {@link LatteLayerConfiguration} for what
 * it is fed.
 *
 * <p>Owns threads and off-heap memory: {@link #release()} ends them.
 */
public final class LatteLayer extends BaseLayer<LatteLayerConfiguration> implements IOutputLayer {
  private static final long serialVersionUID = 1L;

  private transient Kernels kernels;
  private transient boolean ownsKernels;
  private transient LossPass pass;
  private transient StepResult result;
  private INDArray labels;

  LatteLayer(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  @Override
  public void setInput(INDArray x, LayerWorkspaceMgr workspaces) {
    // Not moved into a workspace: the pass copies what it needs.
    input = x;
    result = null;
  }

  /**
   * Forward and backward pass.
   *
   * @throws NonFiniteStepException if the loss or the gradient's norm is not a finite number,
   *     before the updater has seen it
   */
  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    INDArray gradient = getGradientsViewArray();
    result = pass().run(input, labels, maskArray, layerConf().getClipNorm());
    if (!result.finite()) {
      throw new NonFiniteStepException(result);
    }
    Gradient named = new DefaultGradient();
    named.gradientForVariable().put(FlatParameters.KEY, gradient);
    return new Pair<>(named, null); // Deeplearning4j's way to say "no gradient for the input".
  }

  private LossPass pass() {
    int batch = Math.toIntExact(input.size(0));
    int microBatch = layerConf().getMicroBatch() > 0 ? layerConf().getMicroBatch() : batch;
    LattePlan plan = new LattePlan(microBatch, layerConf().getImages(), layerConf().purpose());
    if (pass != null && !pass.serves(batch, plan)) {
      pass.close();
      pass = null;
    }
    if (pass == null) {
      if (kernels == null) {
        kernels = KernelsChoice.forBackend(layerConf().getThreads());
        ownsKernels = true;
      }
      pass =
          new LossPass(
              kernels,
              layerConf().sizes(),
              layerConf().objective(),
              batch,
              plan,
              params(),
              getGradientsViewArray());
    }
    return pass;
  }

  /**
   * What the last step saw.
   *
   * @throws IllegalStateException before the first step
   */
  public StepResult result() {
    if (result == null) {
      throw new IllegalStateException("no training step has run yet");
    }
    return result;
  }

  @Override
  public double computeScore(
      double regularization, boolean training, LayerWorkspaceMgr workspaces) {
    return result().loss() + regularization;
  }

  /** Computes with these kernels, which stay the caller's, instead of making its own. */
  void use(Kernels kernels) {
    release();
    this.kernels = kernels;
    this.ownsKernels = false;
  }

  /** Frees activations and ends the layer's own threads; the next step plans them again. */
  public void release() {
    if (pass != null) {
      pass.close();
      pass = null;
    }
    if (ownsKernels) {
      kernels.close();
      kernels = null;
      ownsKernels = false;
    }
  }

  @Override
  public boolean needsLabels() {
    return true;
  }

  @Override
  public void setLabels(INDArray noise) {
    labels = noise;
  }

  @Override
  public INDArray getLabels() {
    return labels;
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  private static UnsupportedOperationException unsupported() {
    return new UnsupportedOperationException(
        "a Latte layer only trains; use LatteDenoiser to predict");
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    throw unsupported();
  }

  @Override
  public INDArray computeScoreForExamples(double regularization, LayerWorkspaceMgr workspaces) {
    throw unsupported();
  }

  @Override
  public double f1Score(DataSet data) {
    throw unsupported();
  }

  @Override
  public double f1Score(INDArray examples, INDArray expected) {
    throw unsupported();
  }

  @Override
  public int numLabels() {
    return 0;
  }

  @Override
  public void fit(DataSetIterator data) {
    throw unsupported();
  }

  @Override
  public int[] predict(INDArray examples) {
    throw unsupported();
  }

  @Override
  public List<String> predict(DataSet data) {
    throw unsupported();
  }

  @Override
  public void fit(INDArray examples, INDArray expected) {
    throw unsupported();
  }

  @Override
  public void fit(DataSet data) {
    throw unsupported();
  }

  @Override
  public void fit(INDArray examples, int[] expected) {
    throw unsupported();
  }
}
