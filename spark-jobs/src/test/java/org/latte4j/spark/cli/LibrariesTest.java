package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.latte4j.spark.cli.Libraries.Delivery;

class LibrariesTest {
  @TempDir Path folder;

  private String classPath;

  @BeforeEach
  void makeLibraries() throws IOException {
    Path lib = Files.createDirectory(folder.resolve("lib"));
    Files.createFile(lib.resolve("b.jar"));
    Files.createFile(lib.resolve("a.jar"));
    Files.createFile(lib.resolve("readme.txt"));
    Path own = Files.createFile(folder.resolve("own.jar"));
    classPath = own + ":" + lib + "/*";
  }

  @Test
  void remoteExecutorsAreSentEveryJar() {
    SparkConf conf = delivered("spark://head:7077", Delivery.AUTO);
    assertThat(conf.get("spark.jars").split(","))
        .containsExactly(
            folder.resolve("own.jar").toUri().toString(),
            folder.resolve("lib/a.jar").toUri().toString(),
            folder.resolve("lib/b.jar").toUri().toString());
    assertThat(conf.contains("spark.executor.extraClassPath")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark://127.0.0.1:7077", "spark://localhost:7077"})
  void executorsOnThisMachineReadTheFilesThemselves(String master) {
    SparkConf conf = delivered(master, Delivery.AUTO);
    assertThat(conf.get("spark.executor.extraClassPath")).isEqualTo(classPath);
    assertThat(conf.contains("spark.jars")).isFalse();
  }

  @Test
  void theSettingDecidesWhereItIsGiven() {
    assertThat(delivered("spark://head:7077", Delivery.INSTALLED).contains("spark.jars")).isFalse();
    assertThat(delivered("spark://127.0.0.1:7077", Delivery.SHIP).contains("spark.jars")).isTrue();
  }

  @Test
  void threadsOfThisProcessNeedNothing() {
    SparkConf conf = delivered("local[2]", Delivery.SHIP);
    assertThat(conf.contains("spark.jars")).isFalse();
  }

  @Test
  void whatSparkSubmitBringsIsLeftAlone() {
    SparkConf conf = conf("spark://head:7077").set("spark.jars", "mine.jar");
    Libraries.deliver(conf, Delivery.AUTO, classPath);
    assertThat(conf.get("spark.jars")).isEqualTo("mine.jar");
  }

  private SparkConf delivered(String master, Delivery delivery) {
    SparkConf conf = conf(master);
    Libraries.deliver(conf, delivery, classPath);
    return conf;
  }

  private static SparkConf conf(String master) {
    return new SparkConf(false).setMaster(master);
  }
}
