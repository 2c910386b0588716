package org.latte4j.spark.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;
import scala.Product2;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** On blocks that went through the form that they have in the shuffle. */
class SliceAverageTest {
  private static final int LENGTH = Pieces.LONGEST + 100;
  private static final Slice SLICE = new Slice(0, 0, LENGTH, 0, 1);
  private static final List<StateVector> VECTORS =
      List.of(StateVector.PARAMETERS, StateVector.SECOND_MOMENT);

  private final SerializerInstance serializer = new BlockSerializer().newInstance();

  @ParameterizedTest
  @CsvSource({
    "1, 1000000000",
    "5, 1000000000",
    "8, 1000000000",
    "5, 1",
    "5, 1600000",
    "8, 2200000"
  })
  void isTheSumInWorkerOrderOverTheirNumberHoweverManyAreReadAtATime(int workers, long inFlight) {
    SliceAverage average =
        new SliceAverage(SLICE, VECTORS, workers, worker -> stream(worker, VECTORS), inFlight);
    assertThat(Metrics.of(average.next()).map(WorkerMetrics::worker)).containsExactly(0);
    for (StateVector vector : VECTORS) {
      float[] actual = new float[LENGTH];
      Pieces.floats(average.next()).get(actual, 0, Pieces.LONGEST);
      Pieces.floats(average.next()).get(actual, Pieces.LONGEST, 100);
      double[] sum = new double[LENGTH];
      for (int worker = 0; worker < workers; worker++) {
        float[] values = values(worker, vector);
        Arrays.setAll(sum, i -> sum[i] + values[i]);
      }
      float[] expected = new float[LENGTH];
      for (int i = 0; i < LENGTH; i++) {
        expected[i] = (float) (sum[i] / workers);
      }
      assertThat(actual).as(vector.name()).isEqualTo(expected);
    }
    assertThat(average.hasNext()).isFalse();
    assertThatThrownBy(average::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void aWorkerWithoutOneOfTheVectorsIsNamed() {
    List<StateVector> first = VECTORS.subList(0, 1);
    SliceAverage average =
        new SliceAverage(
            SLICE, VECTORS, 3, worker -> stream(worker, worker == 2 ? first : VECTORS), 1L << 30);
    assertThatThrownBy(() -> average.forEachRemaining(piece -> {}))
        .hasMessageContaining("worker 2 emitted no slice 0 of SECOND_MOMENT");
  }

  @Test
  void blocksOfAnotherWorkerAreRefused() {
    WorkerStream stream = new WorkerStream(0, blocks(1, VECTORS));
    assertThatThrownBy(() -> stream.next(SLICE, StateVector.PARAMETERS))
        .hasMessageContaining("slice 0, PARAMETERS, worker 1")
        .hasMessageContaining("slice 0, PARAMETERS, worker 0");
  }

  private WorkerStream stream(int worker, List<StateVector> vectors) {
    return new WorkerStream(worker, blocks(worker, vectors));
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private Iterator<Product2<BlockKey, FetchedBlock>> blocks(int worker, List<StateVector> vectors) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SerializationStream out = serializer.serializeStream(bytes);
    if (worker == 0) {
      WorkerMetrics metrics =
          new WorkerMetrics(worker, "here/1", new LocalResult(List.of(), 0, 0), 0, 0, 0);
      write(out, BlockKey.metrics(0, worker), EmittedBlock.of(bytes(metrics)));
    }
    for (StateVector vector : vectors) {
      Values replica = new Values(values(worker, vector));
      write(out, BlockKey.of(SLICE, vector, worker), EmittedBlock.of(replica, vector, SLICE));
    }
    out.close();
    Iterator blocks =
        serializer
            .deserializeStream(new ByteArrayInputStream(bytes.toByteArray()))
            .asKeyValueIterator();
    return (Iterator<Product2<BlockKey, FetchedBlock>>) blocks;
  }

  private static byte[] bytes(WorkerMetrics metrics) {
    try {
      return JavaBytes.of(metrics);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void write(SerializationStream out, BlockKey key, EmittedBlock block) {
    ClassTag<Object> any = ClassTag$.MODULE$.apply(Object.class);
    out.writeKey(key, any).writeValue(block, any);
  }

  private static float[] values(int worker, StateVector vector) {
    RandomStream random = RandomStream.of(7, Purpose.INITIALISATION, worker, vector.ordinal());
    float[] values = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      values[i] = (float) (random.uniform() - 0.5);
    }
    return values;
  }

  private record Values(float[] values) implements Replica {
    @Override
    public void load(StateVector vector, long offset, FloatBuffer from) {
      from.get(values, (int) offset, from.remaining());
    }

    @Override
    public void store(StateVector vector, long offset, FloatBuffer into) {
      into.put(values, (int) offset, into.remaining());
    }

    @Override
    public void close() {}
  }
}
