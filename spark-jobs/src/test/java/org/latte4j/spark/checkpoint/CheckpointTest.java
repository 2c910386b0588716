package org.latte4j.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.clip.RunPosition;
import org.latte4j.model.weights.SafetensorsFile;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.spark.LocalSpark;
import org.latte4j.spark.averaging.AveragingRounds;
import org.latte4j.spark.averaging.GatheredState;
import org.latte4j.spark.averaging.ParameterTensor;
import org.latte4j.spark.averaging.PlainNetwork;
import org.latte4j.spark.averaging.PlainSteps;
import org.latte4j.spark.averaging.SequentialAveraging;
import org.latte4j.spark.averaging.SlicePlan;
import org.latte4j.spark.averaging.StateVector;

class CheckpointTest {
  private static final SlicePlan PLAN = SlicePlan.withTarget(PlainNetwork.TENSORS, 200);
  private static final EnumSet<StateVector> GATHERED =
      EnumSet.of(StateVector.PARAMETERS, StateVector.FIRST_MOMENT, StateVector.SECOND_MOMENT);
  private static final List<FixedTable> TABLES =
      List.of(new FixedTable("pos_embed", List.of(1, 2, 3), new float[] {1, 2, 3, 4, 5, 6}));
  private static final Configuration HADOOP = new Configuration();

  private static JavaSparkContext spark;
  private static AveragingRounds<PlainNetwork> rounds;

  @TempDir java.nio.file.Path run;
  private java.nio.file.Path folder;

  @BeforeAll
  static void trainTwoRounds() {
    spark = LocalSpark.start("local[2]");
    rounds = start(PlainSteps::fill, 0);
    rounds.advance();
    rounds.advance();
  }

  @AfterAll
  static void stopSpark() {
    rounds.close();
    spark.close();
  }

  @BeforeEach
  void writeCheckpoint() throws IOException {
    Checkpoint written = writer().write(rounds.state(), description(2));
    folder = run.resolve("checkpoint-2");
    assertThat(written.path()).isEqualTo(new Path(folder.toString()));
  }

  @Test
  void aCheckpointHoldsWeightFilesWithIndexesAndNothingElse() throws IOException {
    try (Stream<java.nio.file.Path> files = Files.list(folder)) {
      assertThat(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> !name.endsWith(".crc")))
          .containsExactlyInAnyOrder(
              "_SUCCESS",
              "state.json",
              "model.safetensors.index.json",
              "model-00001-of-00002.safetensors",
              "model-00002-of-00002.safetensors",
              "ema.safetensors.index.json",
              "ema-00001-of-00002.safetensors",
              "ema-00002-of-00002.safetensors",
              "optimizer.safetensors.index.json",
              "optimizer-00001-of-00002.safetensors",
              "optimizer-00002-of-00002.safetensors");
    }
    try (SafetensorsFile file =
        SafetensorsFile.open(folder.resolve("optimizer-00002-of-00002.safetensors"))) {
      assertThat(file.names()).containsExactly("exp_avg.output.weight", "exp_avg_sq.output.weight");
      assertThat(file.shape("exp_avg.output.weight")).containsExactly(3, 11);
    }
  }

  @Test
  void everyPartHoldsTheBitsOfTheState() throws IOException {
    Map<StateVector, float[]> expected = SequentialAveraging.train(2, 1, 2, 0.99);
    Checkpoint checkpoint = open();
    for (StateVector vector : StateVector.values()) {
      try (WeightSource source = checkpoint.weights(CheckpointPart.of(vector))) {
        int offset = 0;
        for (ParameterTensor tensor : PLAN.tensors()) {
          float[] values = source.floats(CheckpointPart.storedName(vector, tensor.name()));
          assertThat(values)
              .as("%s %s", vector, tensor.name())
              .isEqualTo(
                  java.util.Arrays.copyOfRange(
                      expected.get(vector), offset, offset + tensor.length()));
          offset += tensor.length();
        }
      }
    }
  }

  @Test
  void fixedTablesLieWithTheModelAndTheMovingAverage() throws IOException {
    for (CheckpointPart part : List.of(CheckpointPart.MODEL, CheckpointPart.EMA)) {
      try (WeightSource source = open().weights(part)) {
        assertThat(source.shape("pos_embed")).containsExactly(1, 2, 3);
        assertThat(source.floats("pos_embed")).containsExactly(1, 2, 3, 4, 5, 6);
      }
    }
    try (WeightSource source = open().weights(CheckpointPart.OPTIMIZER)) {
      assertThat(source.contains("pos_embed")).isFalse();
    }
  }

  @Test
  void theDescriptionSurvivesItsFile() throws IOException {
    assertThat(open().state()).isEqualTo(description(2));
  }

  @Test
  void aWholeCheckpointIsFoundSoundHereAndOnExecutors() throws IOException {
    open().verify();
    open().verify(spark);
    assertThat(open().files()).hasSize(10);
    assertThat(open().bytes()).isGreaterThan(4L * 4 * PLAN.length());
  }

  @Test
  void trainingGoesOnFromACheckpointWithTheSameBits() throws IOException {
    SlicePlan otherCut = SlicePlan.withTarget(PlainNetwork.TENSORS, 1 << 20);
    try (AveragingRounds<PlainNetwork> resumed =
        AveragingRounds.of(
                spark, new PlainSteps(1), otherCut, open().initialState(otherCut, GATHERED))
            .emaDecay(0.99)
            .afterRounds(2)
            .start()) {
      resumed.advance();
      resumed.restartFrom(
          writer().write(resumed.state(), description(3)).initialState(otherCut, GATHERED));
      resumed.advance();
      GatheredState.assertSameBits(
          GatheredState.of(resumed.state()), SequentialAveraging.train(2, 1, 4, 0.99));
    }
  }

  @Test
  void theNewestWholeCheckpointIsFoundAndUnfinishedOnesArePassedOver() throws IOException {
    Files.createDirectories(run.resolve("checkpoint-10"));
    Files.createDirectories(run.resolve("checkpoint-old"));
    assertThat(Checkpoint.newest(new Path(run.toString()), HADOOP).state().step()).isEqualTo(2);
    assertThat(Checkpoint.find(new Path(run.toString()), HADOOP).state().step()).isEqualTo(2);
    assertThat(Checkpoint.find(new Path(folder.toString()), HADOOP).state().step()).isEqualTo(2);
  }

  @Test
  void anUnfinishedCheckpointIsNotOpenedAndIsReplaced() throws IOException {
    Files.delete(folder.resolve("_SUCCESS"));
    Files.writeString(folder.resolve("model-00001-of-00007.safetensors"), "left over");
    assertThatThrownBy(this::open)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("checkpoint-2")
        .hasMessageContaining("_SUCCESS");
    assertThatThrownBy(() -> Checkpoint.newest(new Path(run.toString()), HADOOP))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("checkpoint-2");
    writer().write(rounds.state(), description(2));
    open().verify();
    assertThat(folder.resolve("model-00001-of-00007.safetensors")).doesNotExist();
  }

  @Test
  void aWholeCheckpointIsNotOverwritten() {
    assertThatThrownBy(() -> writer().write(rounds.state(), description(2)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("checkpoint-2")
        .hasMessageContaining("not overwritten");
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    Files.delete(folder.resolve("ema-00002-of-00002.safetensors"));
    assertThatThrownBy(this::open)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("ema-00002-of-00002.safetensors is missing");
  }

  @Test
  void aFileCutShortIsNamed() throws IOException {
    java.nio.file.Path file = folder.resolve("optimizer-00001-of-00002.safetensors");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1));
    assertThatThrownBy(this::open)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("optimizer-00001-of-00002.safetensors has " + (whole.length - 1));
  }

  @Test
  void aFlippedByteIsFoundByItsChecksum() throws IOException {
    java.nio.file.Path file = folder.resolve("model-00002-of-00002.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 2] ^= 1;
    Files.write(file, bytes);
    // What an object store lacks: Hadoop's own checksums beside local files.
    Files.deleteIfExists(folder.resolve("." + file.getFileName() + ".crc"));
    Checkpoint checkpoint = open();
    assertThatThrownBy(checkpoint::verify)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("model-00002-of-00002.safetensors")
        .hasMessageContaining("CRC-32C");
    assertThatThrownBy(() -> checkpoint.verify(spark))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("model-00002-of-00002.safetensors");
  }

  @Test
  void aDamagedDescriptionIsNamed() throws IOException {
    Files.deleteIfExists(folder.resolve("._SUCCESS.crc"));
    Files.writeString(folder.resolve("_SUCCESS"), "{", StandardOpenOption.TRUNCATE_EXISTING);
    assertThatThrownBy(this::open)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("_SUCCESS is damaged");
  }

  @Test
  void aNewerFormatIsRefused() throws IOException {
    Files.deleteIfExists(folder.resolve("._SUCCESS.crc"));
    String success = Files.readString(folder.resolve("_SUCCESS"));
    Files.writeString(
        folder.resolve("_SUCCESS"), success.replace("\"version\" : 2", "\"version\" : 3"));
    assertThatThrownBy(this::open)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("version 3");
  }

  @Test
  void aCheckpointOfAnotherModelIsRefusedByName() {
    List<ParameterTensor> wider =
        List.of(
            new ParameterTensor("hidden.weight", List.of(11, 7)),
            new ParameterTensor("output.weight", List.of(11, 3)));
    assertThatThrownBy(() -> open().initialState(SlicePlan.forWorkers(wider, 2), GATHERED))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("output.weight has shape [3, 11] there and [11, 3] here");
    List<ParameterTensor> other = List.of(new ParameterTensor("x_embedder.proj.bias", List.of(3)));
    assertThatThrownBy(() -> open().initialState(SlicePlan.forWorkers(other, 2), GATHERED))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("has no x_embedder.proj.bias");
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> Checkpoint.find(new Path(run.resolve("elsewhere").toString()), HADOOP))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("elsewhere");
  }

  private Checkpoint open() throws IOException {
    return Checkpoint.open(new Path(folder.toString()), HADOOP);
  }

  private CheckpointWriter writer() {
    return new CheckpointWriter(spark, new Path(run.toString()), TABLES, Map.of());
  }

  private static CheckpointState description(long round) {
    return new CheckpointState(
        1,
        round,
        round,
        4 * round,
        0.5,
        0,
        42,
        2,
        RunPosition.START,
        List.of(new SettingChange(1, "train.clip-norm", "0.1", "1")),
        JsonNodeFactory.instance.objectNode().put("train.workers", 2),
        "0123abcd",
        Map.of("latte4j", "0.1.0", "java", "17"),
        List.of(new CheckpointState.RoundLoss(0, 0.75), new CheckpointState.RoundLoss(1, 0.5)));
  }

  private static AveragingRounds<PlainNetwork> start(
      org.latte4j.spark.averaging.InitialState initial, long after) {
    return AveragingRounds.of(spark, new PlainSteps(1), PLAN, initial)
        .emaDecay(0.99)
        .afterRounds(after)
        .start();
  }
}
