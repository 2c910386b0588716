package org.latte4j.spark.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.model.settings.Settings;
import org.latte4j.spark.EnvironmentException;
import org.latte4j.spark.StandaloneCluster;
import org.latte4j.spark.preflight.Preflight;
import org.latte4j.spark.preflight.ReplicaMemory;

class TaskDeviceTest {
  @TempDir Path folder;

  @Test
  void aTaskWithoutGpusComputesOnTheCpu() {
    assertThat(TaskDevice.of(Map.of()).name()).isEqualTo("cpu");
    assertThat(TaskDevice.ofThisTask().name()).isEqualTo("cpu");
  }

  @Test
  void aTaskWithSeveralGpusIsRefused() {
    ResourceInformation two = new ResourceInformation("gpu", new String[] {"0", "1"});
    assertThatThrownBy(() -> TaskDevice.of(Map.of("gpu", two)))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("0, 1")
        .hasMessageContaining("spark.task.resource.gpu.amount = 1");
  }

  /** One machine that pretends to have three GPUs, two of them for one executor's two tasks. */
  @Test
  void tasksThatRunAtOnceHaveAnAddressEach() throws IOException {
    Map<String, String> worker =
        Map.of(
            "spark.worker.resource.gpu.amount",
            "3",
            "spark.worker.resource.gpu.discoveryScript",
            discovery("{\"name\":\"gpu\",\"addresses\":[\"5\",\"6\",\"7\"]}").toString());
    try (StandaloneCluster cluster = StandaloneCluster.start(1, 2, worker);
        JavaSparkContext spark = new JavaSparkContext(onGpus(cluster.conf()))) {
      for (int wave = 0; wave < 3; wave++) {
        List<String> names =
            spark
                .parallelize(IntStream.range(0, 2).boxed().toList(), 2)
                .rdd()
                .barrier()
                .mapPartitions(new NameOnceAllRun(), false, tag())
                .toJavaRDD()
                .collect();
        assertThat(names).doesNotHaveDuplicates().hasSize(2).isSubsetOf("gpu 5", "gpu 6", "gpu 7");
      }
      assertThatThrownBy(
              () ->
                  new Preflight(spark, Settings.defaults()).check(new ReplicaMemory(1, 16, 16), 2))
          .isInstanceOf(EnvironmentException.class)
          .hasMessageContaining("127.0.0.1: Spark reserves gpu ")
          .hasMessageContaining("this is the CPU build");
    }
  }

  private static SparkConf onGpus(SparkConf conf) {
    return conf.set("spark.executor.cores", "2")
        .set("spark.executor.resource.gpu.amount", "2")
        .set("spark.task.resource.gpu.amount", "1");
  }

  private Path discovery(String json) throws IOException {
    Path script = Files.writeString(folder.resolve("gpus"), "#!/bin/sh\necho '" + json + "'\n");
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  private static <T> scala.reflect.ClassTag<T> tag() {
    @SuppressWarnings("unchecked")
    scala.reflect.ClassTag<T> any =
        (scala.reflect.ClassTag<T>) scala.reflect.ClassTag$.MODULE$.AnyRef();
    return any;
  }

  /** Waits for the other task, so that both hold their GPU at the same time. */
  private static final class NameOnceAllRun
      extends scala.runtime.AbstractFunction1<
          scala.collection.Iterator<Integer>, scala.collection.Iterator<String>>
      implements java.io.Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public scala.collection.Iterator<String> apply(scala.collection.Iterator<Integer> numbers) {
      TaskDevice device = TaskDevice.ofThisTask();
      device.bind();
      BarrierTaskContext.get().barrier();
      return scala.collection.JavaConverters.asScalaIterator(List.of(device.name()).iterator());
    }
  }
}
