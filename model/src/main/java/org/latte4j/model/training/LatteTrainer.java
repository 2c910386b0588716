package org.latte4j.model.training;

import java.util.Objects;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.latte4j.model.diffusion.Objective;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.KernelsChoice;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LattePlan;
import org.latte4j.model.latte.ParameterLayout;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One replica of Latte in training: a Deeplearning4j network that owns the flat parameters, Adam's
 * state and the step count.
 *
 * <p>Two trainers with the same sizes that are given the same parameters, updater state, step and
 * data go on to the same bits. Not thread-safe. Closing frees the off-heap memory.
 */
public final class LatteTrainer implements FlatTrainer {
  private final LatteConfiguration sizes;
  private final MultiLayerNetwork network;
  private final int batch;
  private final int images;
  private final long seed;
  private final double clipNorm;
  private final int clipStartStep;
  private final Kernels kernels;
  private final INDArray starts;
  private final INDArray noises;
  private final INDArray conditions;
  private final float[] conditionValues;

  private LatteTrainer(Builder builder, int batch) {
    this.sizes = builder.sizes;
    this.batch = batch;
    this.images = builder.images;
    this.seed = builder.seed;
    this.clipNorm = builder.clipNorm;
    this.clipStartStep = builder.clipStartStep;
    this.network = new MultiLayerNetwork(builder.configuration());
    INDArray parameters =
        Nd4j.create(DataType.FLOAT, new long[] {1, new ParameterLayout(sizes).length()}, 'c');
    network.init(parameters, false);
    // Makes the updater, and with it the state's vector.
    network.getUpdater();
    this.kernels = KernelsChoice.forBackend(builder.threads);
    layer().use(kernels);
    var latent = sizes.latent();
    this.starts =
        Nd4j.create(
            DataType.FLOAT,
            new long[] {
              batch, latent.frames() + images, latent.channels(), latent.height(), latent.width()
            },
            'c');
    this.noises = starts.like();
    int columns = 2 + images + sizes.architecture().text().length();
    this.conditions = Nd4j.create(DataType.FLOAT, new long[] {batch, columns}, 'c');
    this.conditionValues = new float[columns * batch];
  }

  /** Settings of a trainer for networks of these sizes. */
  public static Builder of(LatteConfiguration sizes) {
    return new Builder(sizes);
  }

  /** Settings; every one has a default. */
  public static final class Builder {
    private final LatteConfiguration sizes;
    private LearningRateSchedule learningRate =
        new LearningRateSchedule(1e-4, 0, 1, LearningRateSchedule.Decay.CONSTANT);
    private double clipNorm;
    private int clipStartStep;
    private int microBatch;
    private int images;
    private LattePlan.Purpose purpose = LattePlan.Purpose.TRAINING;
    private Objective objective = Objective.REFERENCE;
    private int threads = 1;
    private long seed;

    private Builder(LatteConfiguration sizes) {
      this.sizes = Objects.requireNonNull(sizes);
    }

    /** Learning rate over steps; 1e-4 without one. */
    public Builder learningRate(LearningRateSchedule schedule) {
      this.learningRate = Objects.requireNonNull(schedule);
      return this;
    }

    /**
     * Highest norm of the gradient; 0, the default, for no clipping.
     *
     * @param startStep first step whose gradient is clipped
     */
    public Builder clipping(double norm, int startStep) {
      this.clipNorm = norm;
      this.clipStartStep = startStep;
      return this;
    }

    /** Clips in one pass, a divisor of the batch; 0, the default, for whole batches. */
    public Builder microBatch(int clips) {
      this.microBatch = clips;
      return this;
    }

    /**
     * Image frames after the frames of each clip, for joint training; 0 is the default.
     *
     * @throws IllegalArgumentException if the network cannot be trained with images
     */
    public Builder images(int count) {
      sizes.checkImages(count);
      this.images = count;
      return this;
    }

    /** {@code TRAINING}, the default, or {@code CHECKPOINTED_TRAINING} to save memory. */
    public Builder purpose(LattePlan.Purpose value) {
      if (value == LattePlan.Purpose.INFERENCE) {
        throw new IllegalArgumentException("a trainer cannot be planned for inference");
      }
      this.purpose = value;
      return this;
    }

    /** What the network is trained to predict; the reference's objective is the default. */
    public Builder objective(Objective value) {
      this.objective = Objects.requireNonNull(value);
      return this;
    }

    /** Threads of the arithmetic; 1 is the default. No influence on results. */
    public Builder threads(int count) {
      this.threads = count;
      return this;
    }

    /** Seed of the initial parameters, used by {@link LatteTrainer#initialise()}. */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /** Deeplearning4j's description of the network, its updater and schedule. */
    MultiLayerConfiguration configuration() {
      return new NeuralNetConfiguration.Builder()
          .seed(seed)
          .dataType(DataType.FLOAT)
          .updater(adam())
          .miniBatch(false)
          .trainingWorkspaceMode(WorkspaceMode.NONE)
          .inferenceWorkspaceMode(WorkspaceMode.NONE)
          .list()
          .layer(layer())
          .build();
    }

    private LatteLayerConfiguration layer() {
      LatteLayerConfiguration layer =
          new LatteLayerConfiguration(sizes, microBatch, clipNorm, threads);
      layer.setImages(images);
      layer.setPrediction(objective.prediction());
      layer.setMinSnrGamma(objective.minSnrGamma());
      layer.setGradientCheckpointing(purpose == LattePlan.Purpose.CHECKPOINTED_TRAINING);
      return layer;
    }

    private TorchAdam adam() {
      TorchAdam adam = new TorchAdam(learningRate.getRate());
      adam.setLearningRateSchedule(learningRate);
      return adam;
    }

    /**
     * A trainer whose parameters and updater state are all zeros, for steps of {@code batch} clips.
     */
    public LatteTrainer build(int batch) {
      return new LatteTrainer(this, batch);
    }
  }

  /** Sets the parameters to their initial values under the builder's seed. */
  public LatteTrainer initialise() {
    parameterVector().initialise(new ParameterLayout(sizes), seed);
    return this;
  }

  /** The sizes of the network. */
  public LatteConfiguration sizes() {
    return sizes;
  }

  /** All parameters [1, P], Deeplearning4j's own vector: writes change the network. */
  public INDArray parameters() {
    return network.params();
  }

  /** Adam's state [1, 2 P]: first moments, then second moments; writes change it. */
  public INDArray updaterState() {
    return network.getUpdater().getStateViewArray();
  }

  /** A view of the parameters for copying slices in and out. */
  @Override
  public FlatVector parameterVector() {
    return new FlatVector(kernels, parameters());
  }

  /** A view of Adam's state for copying slices in and out. */
  @Override
  public FlatVector updaterStateVector() {
    return new FlatVector(kernels, updaterState());
  }

  /** The Deeplearning4j network, for listeners and serialisers. */
  public MultiLayerNetwork network() {
    return network;
  }

  /** Steps made so far; Adam's bias correction and the schedule follow it. */
  public int step() {
    return network.getIterationCount();
  }

  /** Goes on from a step number, after parameters and state were set. */
  @Override
  public void step(int step) {
    network.setIterationCount(step);
  }

  /** Sets Adam's moments to zero; its bias correction begins anew with the next step. */
  @Override
  public void resetUpdater() {
    updaterState().assign(0);
    MultiLayerUpdater updater = (MultiLayerUpdater) network.getUpdater();
    for (UpdaterBlock block : updater.getUpdaterBlocks()) {
      ((TorchAdam.BiasCorrectedUpdater) block.getGradientUpdater()).momentsBeginAt(step());
    }
  }

  /**
   * One step on clips without images: noise, forward, loss, backward, clipping, Adam. A step whose
   * loss or gradient norm is not finite changes neither parameters nor moments, and is counted like
   * any other.
   *
   * @param start clean latents x_0 [B, F, C, H, W]
   * @param noise standard normal, same shape
   * @param t timesteps [B], 0..999
   * @param y classes [B], 0..K (K is the null label); empty for a model without classes
   */
  public StepResult step(float[] start, float[] noise, int[] t, int[] y) {
    return step(start, noise, t, y, new int[0]);
  }

  /**
   * One step on clips that texts describe.
   *
   * @param start clean latents x_0 [B, F, C, H, W]
   * @param noise standard normal, same shape
   * @param t timesteps [B], 0..999
   * @param text embeddings [B, 77, 768]; all zeros for no text, as guidance is trained with
   */
  public StepResult stepWithText(float[] start, float[] noise, int[] t, float[] text) {
    int length = sizes.architecture().text().length();
    if (length == 0 || text.length != batch * length) {
      throw new IllegalArgumentException(
          "a step of %d clips takes %d values of text, not %d"
              .formatted(batch, batch * length, text.length));
    }
    for (int i = 0; i < batch; i++) {
      System.arraycopy(text, i * length, conditionValues, i * (2 + length) + 2, length);
    }
    return step(start, noise, t, new int[0], new int[0]);
  }

  /**
   * One step on clips with images.
   *
   * @param start clean latents x_0 [B, F + N, C, H, W], each clip's images after its frames
   * @param noise standard normal, same shape
   * @param t timesteps [B], 0..999; a clip's images share it
   * @param y classes [B], 0..K (K is the null label); empty for a model without classes
   * @param imageY classes of the images [B, N], likewise
   */
  public StepResult step(float[] start, float[] noise, int[] t, int[] y, int[] imageY) {
    if (t.length != batch) {
      throw new IllegalArgumentException(
          "the trainer is planned for %d clips a step, not %d".formatted(batch, t.length));
    }
    int classes = sizes.conditional() ? batch : 0;
    if (y.length != classes || imageY.length != classes * images) {
      throw new IllegalArgumentException(
          "a step of %d clips with %d images each needs %d and %d classes, not %d and %d"
              .formatted(batch, images, classes, classes * images, y.length, imageY.length));
    }
    for (int i = 0; i < batch; i++) {
      int row = i * (conditionValues.length / batch);
      conditionValues[row] = t[i];
      if (y.length > 0) {
        conditionValues[row + 1] = y[i];
        for (int image = 0; image < images; image++) {
          conditionValues[row + 2 + image] = imageY[i * images + image];
        }
      }
    }
    kernels.upload(start, kernels.wrap(starts));
    kernels.upload(noise, kernels.wrap(noises));
    kernels.upload(conditionValues, kernels.wrap(conditions));
    layer().layerConf().setClipNorm(step() >= clipStartStep ? clipNorm : 0);
    try {
      network.fit(new DataSet(starts, noises, null, conditions));
    } catch (NonFiniteStepException e) {
      // Said by the result; parameters and moments are as they were.
      network.setIterationCount(step() + 1);
    }
    return layer().result();
  }

  private LatteLayer layer() {
    return (LatteLayer) network.getLayer(0);
  }

  @Override
  public void close() {
    layer().release();
    network.close();
    kernels.close();
    starts.close();
    noises.close();
    conditions.close();
  }
}
