package org.latte4j.model.training;

import java.util.Collection;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.latte4j.model.diffusion.Objective;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LattePlan;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Deeplearning4j's description of a layer that holds all of Latte and its diffusion loss.
 *
 * <p>Features are clean latents x_0 [B, F + N, C, H, W], N images after each clip's frames; labels
 * are the noise to add (same shape); the labels' mask [B, 2 + N] holds timestep and class of each
 * clip, then its images' classes; with text, [B, 2 + 77 * 768] holds the flattened text embedding
 * of each clip behind. Plain fields with getters and setters, so that Deeplearning4j's JSON carries
 * them.
 */
public final class LatteLayerConfiguration extends LatteSizes {
  private static final long serialVersionUID = 1L;

  private int images;
  private boolean gradientCheckpointing;
  private int microBatch;
  private double clipNorm;
  private Prediction prediction = Objective.REFERENCE.prediction();
  private double minSnrGamma = Objective.REFERENCE.minSnrGamma();
  private int threads = 1;

  /** For Deeplearning4j's JSON. */
  public LatteLayerConfiguration() {}

  /**
   * A layer of these sizes.
   *
   * @param microBatch clips in one forward and backward pass, a divisor of every batch; 0 for whole
   *     batches
   * @param clipNorm the gradient is scaled down to this norm; 0 for never
   * @param threads threads of the layer's arithmetic; has no influence on results
   */
  public LatteLayerConfiguration(
      LatteConfiguration sizes, int microBatch, double clipNorm, int threads) {
    super(sizes);
    this.microBatch = microBatch;
    this.clipNorm = clipNorm;
    this.threads = threads;
    setLayerName("latte");
    // BaseLayer presets "None", which would hide a global setting of the network.
    setGradientNormalization(null);
    setGradientNormalizationThreshold(Double.NaN);
    setActivationFn(new ActivationIdentity());
    setBiasInit(0);
    setGainInit(1);
  }

  /** What the network is trained to predict. */
  Objective objective() {
    return new Objective(prediction, minSnrGamma);
  }

  /** What the layer's network is planned for. */
  LattePlan.Purpose purpose() {
    return gradientCheckpointing
        ? LattePlan.Purpose.CHECKPOINTED_TRAINING
        : LattePlan.Purpose.TRAINING;
  }

  @Override
  public LatteLayer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    LatteLayer layer = new LatteLayer(configuration, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(configuration, parameters, initialize));
    layer.setConf(configuration);
    return layer;
  }

  @Override
  public ParamInitializer initializer() {
    return new FlatParameters();
  }

  @Override
  public InputType getOutputType(int index, InputType input) {
    return input;
  }

  @Override
  public void setNIn(InputType input, boolean override) {
    // The sizes are known already.
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType input) {
    return null; // Deeplearning4j's way to say "none".
  }

  @Override
  public boolean isPretrainParam(String name) {
    return false;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    throw new UnsupportedOperationException("Latte plans its own memory");
  }

  @Override
  public LatteLayerConfiguration clone() {
    return (LatteLayerConfiguration) super.clone();
  }

  /** N: images after each clip's frames. */
  public int getImages() {
    return images;
  }

  /** Sets N. */
  public void setImages(int images) {
    this.images = images;
  }

  /** Whether blocks compute their activations again for the backward pass. */
  public boolean isGradientCheckpointing() {
    return gradientCheckpointing;
  }

  /** Sets whether blocks compute their activations again. */
  public void setGradientCheckpointing(boolean gradientCheckpointing) {
    this.gradientCheckpointing = gradientCheckpointing;
  }

  /** Clips in one pass; 0 for whole batches. */
  public int getMicroBatch() {
    return microBatch;
  }

  /** Sets the clips in one pass. */
  public void setMicroBatch(int microBatch) {
    this.microBatch = microBatch;
  }

  /** Highest gradient norm; 0 for none. */
  public double getClipNorm() {
    return clipNorm;
  }

  /** Sets the highest gradient norm. */
  public void setClipNorm(double clipNorm) {
    this.clipNorm = clipNorm;
  }

  /** Threads of the layer's arithmetic. */
  public int getThreads() {
    return threads;
  }

  /** Sets the threads of the layer's arithmetic. */
  public void setThreads(int threads) {
    this.threads = threads;
  }

  /** What the network's first C output channels stand for. */
  public Prediction getPrediction() {
    return prediction;
  }

  /** Sets what the network predicts. */
  public void setPrediction(Prediction prediction) {
    this.prediction = prediction;
  }

  /** Gamma of the min-SNR weighting of timesteps; 0 for equal weights. */
  public double getMinSnrGamma() {
    return minSnrGamma;
  }

  /** Sets gamma. */
  public void setMinSnrGamma(double minSnrGamma) {
    this.minSnrGamma = minSnrGamma;
  }
}
