package org.latte4j.spark.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.latte4j.spark.LocalSpark;
import org.nd4j.linalg.dataset.DataSet;

/** Our rounds beside Deeplearning4j's own parameter averaging, on the same network and data. */
class DeeplearningAveragingTest {
  private static final int WORKERS = 2;
  private static final int ROUNDS = 4;

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void parametersAndMomentumEqualThoseOfDeeplearningsTrainingMaster(int steps) {
    DeeplearningReplica initial = new DeeplearningReplica();
    float[] parameters = initial.network.params().toFloatVector();
    SlicePlan plan = SlicePlan.withTarget(tensors(initial.network), 128);
    assertThat(plan.slices()).hasSizeGreaterThan(1);
    EnumSet<StateVector> vectors = EnumSet.of(StateVector.PARAMETERS, StateVector.FIRST_MOMENT);
    try (JavaSparkContext spark = LocalSpark.start("local[2]");
        AveragingRounds<DeeplearningReplica> rounds =
            AveragingRounds.of(
                    spark,
                    new Steps(steps),
                    plan,
                    (vector, slice, p, into) -> {
                      if (vector == StateVector.PARAMETERS) {
                        into.put(parameters, (int) slice.offset(), slice.length());
                      }
                    })
                .vectors(vectors)
                .workers(WORKERS)
                .start()) {
      for (int round = 0; round < ROUNDS; round++) {
        rounds.advance();
      }
      Map<StateVector, float[]> ours = GatheredState.of(rounds.state());
      MultiLayerNetwork theirs = trainWithDeeplearning(spark, steps);
      assertThat(theirs.params().toFloatVector()).isNotEqualTo(parameters);
      assertThat(ours.get(StateVector.PARAMETERS)).isEqualTo(theirs.params().toFloatVector());
      assertThat(ours.get(StateVector.FIRST_MOMENT))
          .isEqualTo(theirs.getUpdater().getStateViewArray().toFloatVector());
    } finally {
      initial.close();
    }
  }

  private static MultiLayerNetwork trainWithDeeplearning(JavaSparkContext spark, int steps) {
    ParameterAveragingTrainingMaster master =
        new ParameterAveragingTrainingMaster.Builder(WORKERS, 4)
            .batchSizePerWorker(4)
            .averagingFrequency(steps)
            .workerPrefetchNumBatches(0)
            .repartionData(Repartition.Never)
            .saveUpdater(true)
            .build();
    SparkDl4jMultiLayer network =
        new SparkDl4jMultiLayer(spark, DeeplearningReplica.configuration(), master);
    for (int round = 0; round < ROUNDS; round++) {
      List<DataSet> batches = new ArrayList<>();
      for (int worker = 0; worker < WORKERS; worker++) {
        for (int step = 0; step < steps; step++) {
          batches.add(DeeplearningReplica.batch(worker, (long) round * steps + step));
        }
      }
      // One split a call, in order: a partition for each worker.
      network.fit(spark.parallelize(batches, WORKERS));
    }
    return network.getNetwork();
  }

  private static List<ParameterTensor> tensors(MultiLayerNetwork network) {
    return network.paramTable().entrySet().stream()
        .map(
            entry ->
                new ParameterTensor(
                    entry.getKey(),
                    java.util.Arrays.stream(entry.getValue().shape())
                        .mapToObj(size -> (int) size)
                        .collect(Collectors.toList())))
        .toList();
  }

  private static final class Steps implements LocalSteps<DeeplearningReplica> {
    private static final long serialVersionUID = 1L;

    private final int steps;

    Steps(int steps) {
      this.steps = steps;
    }

    @Override
    public int stepsPerRound() {
      return steps;
    }

    @Override
    public DeeplearningReplica newReplica() {
      return new DeeplearningReplica();
    }

    @Override
    public LocalResult run(DeeplearningReplica replica, int worker, long round) {
      List<StepMetrics> metrics = new ArrayList<>();
      for (int step = 0; step < steps; step++) {
        DataSet batch = DeeplearningReplica.batch(worker, round * steps + step);
        replica.network.fit(batch);
        metrics.add(new StepMetrics(replica.network.score(), Double.NaN));
      }
      return new LocalResult(metrics, 4L * steps, 0);
    }
  }
}
