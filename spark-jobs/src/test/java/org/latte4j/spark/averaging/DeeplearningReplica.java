package org.latte4j.spark.averaging;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A plain Deeplearning4j network of two dense layers, trained with momentum. */
final class DeeplearningReplica implements Replica {
  private static final int INPUTS = 6;
  private static final int HIDDEN = 9;
  private static final int OUTPUTS = 3;
  private static final int BATCH = 4;

  final MultiLayerNetwork network = new MultiLayerNetwork(configuration());

  DeeplearningReplica() {
    network.init();
  }

  static MultiLayerConfiguration configuration() {
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .updater(new Nesterovs(0.05, 0.9))
        .list()
        .layer(
            new DenseLayer.Builder().nIn(INPUTS).nOut(HIDDEN).activation(Activation.TANH).build())
        .layer(
            new OutputLayer.Builder(LossFunction.MSE)
                .nIn(HIDDEN)
                .nOut(OUTPUTS)
                .activation(Activation.IDENTITY)
                .build())
        .build();
  }

  /** The batch that a worker trains on in a step. */
  static DataSet batch(int worker, long step) {
    float[] features = new float[BATCH * INPUTS];
    float[] labels = new float[BATCH * OUTPUTS];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) StrictMath.sin(1.7 * i + 3.1 * worker + 0.9 * step);
    }
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (float) StrictMath.cos(2.3 * i + 1.3 * worker + 0.7 * step);
    }
    return new DataSet(
        Nd4j.createFromArray(features).reshape(BATCH, INPUTS),
        Nd4j.createFromArray(labels).reshape(BATCH, OUTPUTS));
  }

  @Override
  public void load(StateVector vector, long offset, FloatBuffer values) {
    float[] piece = new float[values.remaining()];
    values.get(piece);
    pointer(vector, offset).put(piece);
  }

  @Override
  public void store(StateVector vector, long offset, FloatBuffer into) {
    float[] piece = new float[into.remaining()];
    pointer(vector, offset).get(piece);
    into.put(piece);
  }

  @Override
  public void close() {
    network.close();
  }

  private FloatPointer pointer(StateVector vector, long offset) {
    INDArray flat = flat(vector);
    return new FloatPointer(flat.data().pointer()).position(flat.offset() + offset);
  }

  INDArray flat(StateVector vector) {
    return switch (vector) {
      case PARAMETERS -> network.params();
      case FIRST_MOMENT -> network.getUpdater().getStateViewArray();
      default -> throw new IllegalArgumentException("momentum has no " + vector);
    };
  }
}
