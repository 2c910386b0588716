package org.latte4j.model.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.latte4j.model.Golden.CFG2;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.model.Golden;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.ParameterLayout;
import org.latte4j.model.latte.PositionGrid;
import org.latte4j.model.weights.SameWeights;
import org.latte4j.model.weights.WeightFormatException;
import org.latte4j.model.weights.WeightSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class NetworkArchiveTest {
  @TempDir Path folder;

  @Test
  void parametersComeBackBitForBitAndTablesAreComputed() throws IOException {
    Path file = write(CFG2);
    assertThat(NetworkArchive.isOne(file)).isTrue();
    try (NetworkArchive read = NetworkArchive.open(file);
        WeightSource written = Golden.open("cfg2.model")) {
      assertThat(read.sizes()).isEqualTo(CFG2);
      assertThat(read.names()).containsExactlyInAnyOrderElementsOf(written.names());
      for (ParameterLayout.Parameter parameter : new ParameterLayout(CFG2).parameters()) {
        assertThat(read.shape(parameter.name())).isEqualTo(written.shape(parameter.name()));
        assertThat(read.floats(parameter.name())).isEqualTo(written.floats(parameter.name()));
      }
      assertThat(read.shape("pos_embed")).isEqualTo(written.shape("pos_embed"));
      Golden.assertClose("pos_embed", read.floats("pos_embed"), written.floats("pos_embed"), 1e-6);
    }
  }

  @Test
  void theSerialiserRestoresANetworkThatTrainsOnAsOurs() throws IOException {
    MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(write(CFG2).toFile());
    int values = 2 * CFG2.latent().length();
    float[] starts = new float[values];
    float[] noises = new float[values];
    for (int i = 0; i < values; i++) {
      starts[i] = (float) Math.sin(i);
      noises[i] = (float) Math.cos(3 * i);
    }
    try (LatteTrainer trainer = LatteTrainer.of(CFG2).build(2);
        WeightSource weights = Golden.open("cfg2.model")) {
      for (ParameterLayout.Parameter parameter : new ParameterLayout(CFG2).parameters()) {
        trainer
            .parameterVector()
            .write(parameter.offset(), FloatBuffer.wrap(weights.floats(parameter.name())));
      }
      for (int step = 0; step < 2; step++) {
        trainer.step(starts, noises, new int[] {3, 700}, new int[] {1, 5});
        restored.fit(
            new DataSet(
                Nd4j.createFromArray(starts).reshape(2, 4, 4, 8, 8),
                Nd4j.createFromArray(noises).reshape(2, 4, 4, 8, 8),
                null,
                Nd4j.createFromArray(new float[][] {{3, 1}, {700, 5}})));
      }
      assertThat(restored.params().toFloatVector()).isEqualTo(trainer.parameters().toFloatVector());
      assertThat(restored.score()).isEqualTo(trainer.network().score());
    } finally {
      ((LatteLayer) restored.getLayer(0)).release();
    }
  }

  @Test
  void positionsOverAnotherGridAndThePredictionSurvive() throws IOException {
    LatteConfiguration stretched = CFG2.with(new PositionGrid(8, 2, 2));
    Path file = folder.resolve("stretched.zip");
    Path again = folder.resolve("again.zip");
    try (WeightSource golden = NetworkArchive.open(write(CFG2))) {
      assertThatThrownBy(() -> NetworkArchive.write(golden, stretched, Prediction.NOISE, file))
          .isInstanceOf(WeightFormatException.class)
          .hasMessageContaining("pos_embed is not the table");
    }
    try (LatteTrainer trainer = LatteTrainer.of(stretched).seed(3).build(1).initialise()) {
      ModelSerializer.writeModel(trainer.network(), file.toFile(), false);
    }
    try (NetworkArchive read = NetworkArchive.open(file)) {
      assertThat(read.sizes()).isEqualTo(stretched);
      NetworkArchive.write(read, stretched, Prediction.VELOCITY, again);
      try (NetworkArchive second = NetworkArchive.open(again)) {
        SameWeights.assertSame(second, read);
        assertThat(read.prediction()).isEqualTo(Prediction.NOISE);
        assertThat(second.prediction()).isEqualTo(Prediction.VELOCITY);
      }
    }
  }

  @Test
  void weightsOfOtherSizesAreRefused() throws IOException {
    Path file = folder.resolve("n.zip");
    try (WeightSource weights = Golden.open("cfg2.model")) {
      assertThatThrownBy(() -> NetworkArchive.write(weights, Golden.CFG1, Prediction.NOISE, file))
          .isInstanceOf(WeightFormatException.class)
          .hasMessageContaining("y_embedder.embedding_table.weight");
    }
    assertThat(Files.exists(file)).isFalse();
  }

  @Test
  void anotherNetworkIsRefused() throws IOException {
    MultiLayerNetwork other =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .list()
                .layer(
                    new OutputLayer.Builder(LossFunctions.LossFunction.MSE).nIn(2).nOut(2).build())
                .build());
    other.init();
    Path file = folder.resolve("other.zip");
    ModelSerializer.writeModel(other, file.toFile(), false);
    assertThatThrownBy(() -> NetworkArchive.open(file))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("but not Latte");
  }

  @Test
  void aCutArchiveAndOneWithDamagedParametersAreRefused() throws IOException {
    byte[] whole = Files.readAllBytes(write(CFG2));
    Path cut = Files.write(folder.resolve("cut.zip"), Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> NetworkArchive.open(cut))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("cut.zip is damaged");
    whole[whole.length / 2] ^= 0x10;
    Path flipped = Files.write(folder.resolve("flipped.zip"), whole);
    assertThatThrownBy(() -> NetworkArchive.open(flipped))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("flipped.zip is damaged");
  }

  private Path write(LatteConfiguration sizes) throws IOException {
    Path file = folder.resolve("network.zip");
    try (WeightSource weights = Golden.open("cfg2.model")) {
      NetworkArchive.write(weights, sizes, Prediction.NOISE, file);
    }
    return file;
  }
}
