package org.latte4j.model.training;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.diffusion.Objective;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.latte.Architecture;
import org.latte4j.model.latte.Conditioning;
import org.latte4j.model.latte.Initialisation;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LattePlan;
import org.latte4j.model.latte.ParameterLayout;
import org.latte4j.model.latte.PositionGrid;
import org.latte4j.model.latte.TemporalPosition;
import org.latte4j.model.latte.TextConditioning;
import org.latte4j.model.latte.Variant;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Deeplearning4j's description of a layer that holds all of Latte and its diffusion loss.
 *
 * <p>Features are clean latents x_0 [B, F + N, C, H, W], N images after each clip's frames; labels
 * are the noise to add (same shape); the labels' mask [B, 2 + N] holds timestep and class of each
 * clip, then its images' classes; with text, [B, 2 + 77 * 768] holds the flattened text embedding
 * of each clip behind. Plain fields with getters and setters, so that Deeplearning4j's JSON carries
 * them.
 */
public final class LatteLayerConfiguration extends BaseLayer {
  private static final long serialVersionUID = 1L;

  private int depth;
  private int hiddenSize;
  private int heads;
  private int patchSize;
  private int frames;
  private int channels;
  private int height;
  private int width;
  private int classes;
  private Variant variant = Architecture.REFERENCE.variant();
  private int temporalStride = Architecture.REFERENCE.temporalStride();
  private Conditioning conditioning = Architecture.REFERENCE.conditioning();
  private TemporalPosition temporalPosition = Architecture.REFERENCE.temporalPosition();
  private TextConditioning text = Architecture.REFERENCE.text();
  private int positionFrames;
  private int positionRows;
  private int positionColumns;
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
    this.depth = sizes.depth();
    this.hiddenSize = sizes.hiddenSize();
    this.heads = sizes.heads();
    this.patchSize = sizes.patchSize();
    this.frames = sizes.latent().frames();
    this.channels = sizes.latent().channels();
    this.height = sizes.latent().height();
    this.width = sizes.latent().width();
    this.classes = sizes.classes();
    this.variant = sizes.architecture().variant();
    this.temporalStride = sizes.architecture().temporalStride();
    this.conditioning = sizes.architecture().conditioning();
    this.temporalPosition = sizes.architecture().temporalPosition();
    this.text = sizes.architecture().text();
    this.positionFrames = sizes.positions().frames();
    this.positionRows = sizes.positions().rows();
    this.positionColumns = sizes.positions().columns();
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

  /** The network's sizes. */
  public LatteConfiguration sizes() {
    LatteConfiguration sizes =
        new LatteConfiguration(
            depth,
            hiddenSize,
            heads,
            patchSize,
            new LatentShape(frames, channels, height, width),
            classes,
            new Architecture(variant, temporalStride, conditioning, temporalPosition, text));
    // Zero in JSON from before there was the entry: the network's own grid.
    return positionFrames == 0
        ? sizes
        : sizes.with(new PositionGrid(positionFrames, positionRows, positionColumns));
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

  /** All parameters as one flat vector: files know them by name, Deeplearning4j need not. */
  static final class FlatParameters implements ParamInitializer {
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
        float[] values = Initialisation.values(parameter, configuration.getSeed());
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

  /** Number of blocks. */
  public int getDepth() {
    return depth;
  }

  /** Sets the number of blocks. */
  public void setDepth(int depth) {
    this.depth = depth;
  }

  /** D. */
  public int getHiddenSize() {
    return hiddenSize;
  }

  /** Sets D. */
  public void setHiddenSize(int hiddenSize) {
    this.hiddenSize = hiddenSize;
  }

  /** Attention heads. */
  public int getHeads() {
    return heads;
  }

  /** Sets the attention heads. */
  public void setHeads(int heads) {
    this.heads = heads;
  }

  /** p. */
  public int getPatchSize() {
    return patchSize;
  }

  /** Sets p. */
  public void setPatchSize(int patchSize) {
    this.patchSize = patchSize;
  }

  /** F. */
  public int getFrames() {
    return frames;
  }

  /** Sets F. */
  public void setFrames(int frames) {
    this.frames = frames;
  }

  /** C. */
  public int getChannels() {
    return channels;
  }

  /** Sets C. */
  public void setChannels(int channels) {
    this.channels = channels;
  }

  /** H. */
  public int getHeight() {
    return height;
  }

  /** Sets H. */
  public void setHeight(int height) {
    this.height = height;
  }

  /** W. */
  public int getWidth() {
    return width;
  }

  /** Sets W. */
  public void setWidth(int width) {
    this.width = width;
  }

  /** K. */
  public int getClasses() {
    return classes;
  }

  /** Sets K. */
  public void setClasses(int classes) {
    this.classes = classes;
  }

  /** How blocks look at space and time. */
  public Variant getVariant() {
    return variant;
  }

  /** Sets the variant. */
  public void setVariant(Variant variant) {
    this.variant = variant;
  }

  /** s: frames of a token. */
  public int getTemporalStride() {
    return temporalStride;
  }

  /** Sets s. */
  public void setTemporalStride(int temporalStride) {
    this.temporalStride = temporalStride;
  }

  /** How timestep and class reach the blocks. */
  public Conditioning getConditioning() {
    return conditioning;
  }

  /** Sets the conditioning. */
  public void setConditioning(Conditioning conditioning) {
    this.conditioning = conditioning;
  }

  /** How tokens know their place in time. */
  public TemporalPosition getTemporalPosition() {
    return temporalPosition;
  }

  /** Sets the temporal positions. */
  public void setTemporalPosition(TemporalPosition temporalPosition) {
    this.temporalPosition = temporalPosition;
  }

  /** Whether a text tells what to draw. */
  public TextConditioning getText() {
    return text;
  }

  /** Sets whether a text tells what to draw. */
  public void setText(TextConditioning text) {
    this.text = text;
  }

  /** Frames of the grid that position embeddings are laid over. */
  public int getPositionFrames() {
    return positionFrames;
  }

  /** Sets the frames of the positions' grid. */
  public void setPositionFrames(int positionFrames) {
    this.positionFrames = positionFrames;
  }

  /** Rows of the grid that position embeddings are laid over. */
  public int getPositionRows() {
    return positionRows;
  }

  /** Sets the rows of the positions' grid. */
  public void setPositionRows(int positionRows) {
    this.positionRows = positionRows;
  }

  /** Columns of the grid that position embeddings are laid over. */
  public int getPositionColumns() {
    return positionColumns;
  }

  /** Sets the columns of the positions' grid. */
  public void setPositionColumns(int positionColumns) {
    this.positionColumns = positionColumns;
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
