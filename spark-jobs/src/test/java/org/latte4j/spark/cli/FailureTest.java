package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.model.weights.WeightFormatException;
import org.latte4j.spark.EnvironmentException;

class FailureTest {
  @Test
  void settingIsUsage() {
    assertThat(Failure.of(new SettingsException("k = 1")))
        .isEqualTo(new Failure(ExitStatus.USAGE, "k = 1"));
  }

  @Test
  void damagedWeightsAreBadInput() {
    assertThat(Failure.of(new WeightFormatException("w.pt: cut short")))
        .isEqualTo(new Failure(ExitStatus.BAD_INPUT, "w.pt: cut short"));
  }

  @Test
  void missingFileIsBadInput() {
    assertThat(Failure.of(new NoSuchFileException("a.mp4")).message())
        .isEqualTo("no such file: a.mp4");
    assertThat(Failure.of(new FileNotFoundException("a.mp4")).status())
        .isEqualTo(ExitStatus.BAD_INPUT);
  }

  @Test
  void memoryDiskNativesAndConnectionsAreTheEnvironment() {
    assertThat(Failure.of(new OutOfMemoryError("heap")).status()).isEqualTo(ExitStatus.ENVIRONMENT);
    assertThat(Failure.of(new FileSystemException("f", null, "No space left on device")).status())
        .isEqualTo(ExitStatus.ENVIRONMENT);
    assertThat(Failure.of(new UnsatisfiedLinkError("jnind4jcpu")).status())
        .isEqualTo(ExitStatus.ENVIRONMENT);
    assertThat(Failure.of(new ConnectException("refused")).status())
        .isEqualTo(ExitStatus.ENVIRONMENT);
    assertThat(Failure.of(new EnvironmentException("no GPU")))
        .isEqualTo(new Failure(ExitStatus.ENVIRONMENT, "no GPU"));
  }

  @Test
  void causeInsideSparksExceptionDecides() {
    Throwable wrapped =
        new SparkException(
            "Job aborted", new RuntimeException(new WeightFormatException("shard 3 is cut short")));
    assertThat(Failure.of(wrapped))
        .isEqualTo(new Failure(ExitStatus.BAD_INPUT, "shard 3 is cut short"));
  }

  @Test
  void ourExceptionInTheTextOfATasksFailureDecides() {
    Throwable failed =
        new SparkException(
            "Job aborted due to stage failure: Lost task 0.3:"
                + " org.latte4j.data.shard.ShardFormatException: part-0: checksum\n\tat X");
    assertThat(Failure.of(failed)).isEqualTo(new Failure(ExitStatus.BAD_INPUT, "part-0: checksum"));
  }

  @Test
  void aDiskThatIsFullOnAnExecutorIsTheEnvironment() {
    Throwable failed =
        new SparkException(
            "Job aborted due to stage failure: Task 0 in stage 5.0 failed 8 times, most recent"
                + " failure: Lost task 0.7 in stage 5.0 (TID 99) (10.0.0.7 executor 1):"
                + " java.io.IOException: No space left on device\n\tat X\n",
            new IOException("No space left on device"));
    Failure failure = Failure.of(failed);
    assertThat(failure.status()).isEqualTo(ExitStatus.ENVIRONMENT);
    assertThat(failure.message())
        .contains("the disk is full")
        .contains("10.0.0.7 executor 1")
        .contains("spark.local.dir")
        .doesNotContain("at X");
  }

  @Test
  void anythingElseIsUnexpected() {
    Failure failure = Failure.of(new IllegalStateException("odd"));
    assertThat(failure.status()).isEqualTo(ExitStatus.UNEXPECTED);
    assertThat(failure.message()).contains("odd");
    assertThat(Failure.of(new IOException("odd")).status()).isEqualTo(ExitStatus.UNEXPECTED);
  }

  @Test
  void causesInACircleEnd() {
    Exception a = new Exception("a");
    Exception b = new Exception("b", a);
    a.initCause(b);
    assertThat(Failure.of(b).status()).isEqualTo(ExitStatus.UNEXPECTED);
  }
}
