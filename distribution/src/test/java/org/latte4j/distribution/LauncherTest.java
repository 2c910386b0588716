package org.latte4j.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The logic of bin/latte, bin/latte-submit and bin/gpu-addresses, with stand-ins for what they
 * start.
 */
class LauncherTest {
  private static final Path CHECKOUT = Path.of(System.getProperty("latte.checkout"));

  @TempDir Path folder;

  private Path home;
  private Map<String, String> environment;

  @BeforeEach
  void makeAHome() throws IOException {
    home = folder.resolve("latte home"); // Paths may hold spaces.
    for (String script : List.of("latte", "latte-submit", "gpu-addresses")) {
      String text = Files.readString(CHECKOUT.resolve("bin").resolve(script));
      Scripts.write(home.resolve("bin").resolve(script), text);
    }
    environment = new HashMap<>();
    environment.put("PATH", Scripts.path(folder.resolve("path")).toString());
    environment.put("JAVA_HOME", Scripts.jdk(folder.resolve("jdk"), "17.0.9").toString());
    for (String unset :
        List.of("LATTE_BACKEND", "LATTE_JAVA_OPTS", "MVN", "SPARK_HOME", "CUDA_VISIBLE_DEVICES")) {
      environment.put(unset, "");
    }
  }

  @Test
  void argumentsReachJavaAsTheyWereTyped() throws Exception {
    makeADistribution();
    CommandRun run = run("latte", "train", "--set", "a=b  c", "*", "", "\"q\" $HOME");
    assertThat(run.status()).as(run.all()).isZero();
    assertThat(run.out())
        .endsWith(
            "[org.latte4j.spark.cli.Latte]\n[train]\n[--set]\n[a=b  c]\n[*]\n[]\n[\"q\" $HOME]\n");
    assertThat(run.out())
        .contains("[-Dlatte.home=" + home + "]")
        .contains("[" + home + "/lib/*:" + home + "/spark/*]")
        .contains("[-Dorg.bytedeco.javacpp.maxbytes=");
  }

  @Test
  void textEncodersAreOnTheClassPathOfOneVerb() throws Exception {
    makeADistribution();
    assertThat(run("latte", "encode-text").out())
        .contains("[" + home + "/lib/*:" + home + "/text/*:" + home + "/spark/*]");
    makeSpark();
    assertThat(run("latte-submit", "encode-text", "--").out())
        .contains("[org.latte4j.spark.EncodeTextMain]")
        .contains("/lib/latte4j-spark-jobs-1.jar," + home + "/text/t.jar]");
    assertThat(run("latte-submit", "train", "--").out()).doesNotContain("text");
  }

  @Test
  void textEncodersOfACloneAreOnTheClassPathOfOneVerb() throws Exception {
    makeAClone("");
    assertThat(run("latte", "train").out()).doesNotContain("text.jar");
    assertThat(run("latte", "encode-text").out())
        .contains(folder + "/library.jar:" + folder + "/text.jar:" + folder + "/spark.jar]");
  }

  @Test
  void moreJavaOptionsComeAfterTheLaunchersOwn() throws Exception {
    makeADistribution();
    environment.put("LATTE_JAVA_OPTS", "-Xmx1g -Dmine=1");
    String out = run("latte", "doctor").out();
    assertThat(out.indexOf("[-Xmx1g]\n[-Dmine=1]")).isGreaterThan(out.lastIndexOf("[-Xmx", 0));
    assertThat(out).contains("[-Xmx1g]\n[-Dmine=1]\n[-cp]");
  }

  @Test
  void verboseLogsMore() throws Exception {
    makeADistribution();
    assertThat(run("latte", "train").out()).doesNotContain("latte.log.level");
    assertThat(run("latte", "train", "--verbose").out()).contains("[-Dlatte.log.level=info]");
  }

  @Test
  void aJavaHomeWithoutJavaIsNamed() throws Exception {
    assertRefused("JAVA_HOME", "/no/such/jdk", 4, "JAVA_HOME is /no/such/jdk", "JDK 17");
  }

  @Test
  void noJavaAtAllIsNamed() throws Exception {
    assertRefused("JAVA_HOME", "", 4, "no java on PATH", "JDK 17");
  }

  @Test
  void anOlderJavaIsNamedWithItsVersion() throws Exception {
    assertRefused(
        "JAVA_HOME",
        Scripts.jdk(folder.resolve("old"), "11.0.2").toString(),
        4,
        "is Java 11",
        "JDK 17 or newer");
  }

  @Test
  void aBackendThatThereIsNotIsWrongUsage() throws Exception {
    assertRefused("LATTE_BACKEND", "tpu", 2, "LATTE_BACKEND=tpu", "cpu or cuda");
  }

  @Test
  void aDistributionHasOneBackend() throws Exception {
    makeADistribution();
    environment.put("LATTE_BACKEND", "cuda");
    assertFails(run("latte", "--help"), 4, "this distribution was built for cpu");
    Files.createFile(home.resolve("lib/nd4j-cuda-11.6-1.0.0-M2.1-linux-x86_64.jar"));
    assertThat(run("latte", "--help").status()).isZero();
    environment.put("LATTE_BACKEND", "cpu");
    assertFails(run("latte", "--help"), 4, "this distribution was built for cuda");
  }

  @Test
  void aCloneIsBuiltOnceAndAgainWhenSourcesOrLibrariesChange() throws Exception {
    Path calls = makeAClone("");
    assertThat(run("latte", "doctor").err()).contains("building (the first time", "built in");
    assertThat(run("latte", "doctor").err()).isEmpty();
    assertThat(Files.readAllLines(calls)).hasSize(1);

    Path source = home.resolve("model/src/main/A.java");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(run("latte", "doctor").err())
        .contains("building again, because sources have changed");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().minusSeconds(60)));

    Files.delete(folder.resolve("library.jar"));
    CommandRun rebuilt = run("latte", "doctor");
    assertThat(rebuilt.status()).as(rebuilt.all()).isZero();
    assertThat(Files.readAllLines(calls)).hasSize(3);
    assertThat(rebuilt.out())
        .contains("latte4j-spark-jobs-1.jar:" + folder + "/library.jar:" + folder + "/spark.jar]");
  }

  @Test
  void aBuildThatFailsShowsMavensErrors() throws Exception {
    makeAClone("echo '[ERROR] no such symbol'; exit 1\n");
    assertFails(
        run("latte", "doctor"), 4, "[ERROR] no such symbol", "the build failed", "build.log");
  }

  @Test
  void aBuildNeedsMavenAndACompiler() throws Exception {
    makeAClone("");
    environment.put("MVN", "no-such-maven");
    assertFails(run("latte", "doctor"), 4, "no Maven (no-such-maven)", "set MVN");
    makeMaven("");
    Files.delete(folder.resolve("jdk/bin/javac"));
    assertFails(run("latte", "doctor"), 4, "no compiler", "a JDK is needed");
  }

  @Test
  void gpusAreListedForSpark() throws Exception {
    Scripts.write(folder.resolve("path/nvidia-smi"), "printf '0\\n1\\n'\n");
    assertThat(run("gpu-addresses").out())
        .isEqualTo("{\"name\":\"gpu\",\"addresses\":[\"0\",\"1\"]}\n");
    environment.put("CUDA_VISIBLE_DEVICES", "3,GPU-8a");
    assertThat(run("gpu-addresses").out())
        .isEqualTo("{\"name\":\"gpu\",\"addresses\":[\"3\",\"GPU-8a\"]}\n");
    environment.put("CUDA_VISIBLE_DEVICES", "-1");
    assertFails(run("gpu-addresses"), 4, "hides every GPU");
  }

  @Test
  void missingGpusAreAClearFailure() throws Exception {
    assertFails(run("gpu-addresses"), 4, "no nvidia-smi on PATH");
    Scripts.write(folder.resolve("path/nvidia-smi"), "echo 'No devices were found'; exit 6\n");
    assertFails(run("gpu-addresses"), 4, "nvidia-smi fails: No devices were found");
    Scripts.write(folder.resolve("path/nvidia-smi"), "exit 0\n");
    assertFails(run("gpu-addresses"), 4, "lists no GPU");
  }

  @Test
  void sparkSubmitGetsClassLibrariesAndArguments() throws Exception {
    makeADistribution();
    makeSpark();
    CommandRun run =
        run("latte-submit", "train", "--master", "yarn", "--", "--set", "a=b  c", "--shards", "x");
    assertThat(run.status()).as(run.all()).isZero();
    assertThat(run.out())
        .contains("[--class]\n[org.latte4j.spark.TrainMain]\n")
        .contains("[--driver-java-options]\n[--add-modules jdk.incubator.vector]\n")
        .contains("[--jars]\n[" + home + "/lib/a.jar," + home + "/lib/latte4j-spark-jobs-1.jar]\n")
        .endsWith(
            "[--master]\n[yarn]\n[%s/lib/latte4j-spark-jobs-1.jar]\n[--set]\n[a=b  c]\n[--shards]\n[x]\n"
                .formatted(home));
  }

  @Test
  void settingsFilesTravelWithADriverThatRunsElsewhere() throws Exception {
    makeADistribution();
    makeSpark();
    Path file = Files.createFile(folder.resolve("mine.conf"));
    assertThat(
            run("latte-submit", "train", "--deploy-mode", "cluster", "--", "--config", "" + file)
                .out())
        .contains("[--files]\n[" + file + "]\n")
        .endsWith("[--config]\n[mine.conf]\n");
    assertFails(
        run("latte-submit", "train", "--deploy-mode", "cluster", "--", "--config", "none"),
        2,
        "none: no such settings file");
  }

  @Test
  void onKubernetesLibrariesAreThoseOfTheImage() throws Exception {
    makeADistribution();
    makeSpark();
    assertThat(run("latte-submit", "train", "--master", "k8s://https://api:6443", "--").out())
        .contains("[spark.executor.extraClassPath=/opt/latte4j/lib/*]")
        .contains("[local:///opt/latte4j/lib/latte4j-spark-jobs-1.jar]")
        .doesNotContain("[--jars]");
  }

  @Test
  void wrongUseOfSubmitIsNamed() throws Exception {
    makeADistribution();
    assertFails(
        run("latte-submit", "doctor"),
        2,
        "doctor is not a job: encode, encode-text, train, train-autoencoder or sample");
    assertFails(run("latte-submit", "train", "--master", "yarn"), 2, "-- is missing");
    assertFails(run("latte-submit", "train", "--jars", "a.jar", "--"), 2, "--jars is set by");
    assertFails(run("latte-submit", "train", "--"), 4, "no spark-submit on PATH", "SPARK_HOME");
  }

  private CommandRun run(String script, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin").resolve(script).toString()));
    command.addAll(List.of(arguments));
    return CommandRun.of(environment, command);
  }

  private static void assertFails(CommandRun run, int status, String... parts) {
    assertThat(run.status()).as(run.all()).isEqualTo(status);
    assertThat(run.err()).contains(parts);
  }

  /** A distribution under one variable that is wrong. */
  private void assertRefused(String variable, String value, int status, String... parts)
      throws Exception {
    makeADistribution();
    environment.put(variable, value);
    assertFails(run("latte", "--help"), status, parts);
  }

  private void makeADistribution() throws IOException {
    Files.createDirectories(home.resolve("lib"));
    Files.createDirectories(home.resolve("spark"));
    Files.createDirectories(home.resolve("text"));
    Files.createFile(home.resolve("text/t.jar"));
    Files.createFile(home.resolve("lib/a.jar"));
    Files.createFile(home.resolve("lib/latte4j-spark-jobs-1.jar"));
  }

  private void makeSpark() throws IOException {
    Path spark = folder.resolve("spark");
    Scripts.write(spark.resolve("bin/spark-submit"), "printf '[%s]\\n' \"$@\"\n");
    environment.put("SPARK_HOME", spark.toString());
  }

  /** Sources, and a Maven that makes what a build leaves and counts its calls in a file. */
  private Path makeAClone(String instead) throws IOException {
    for (String file : List.of("pom.xml", "model/pom.xml", "model/src/main/A.java")) {
      Files.createDirectories(home.resolve(file).getParent());
      Files.createFile(home.resolve(file));
      Files.setLastModifiedTime(
          home.resolve(file), FileTime.from(Instant.now().minusSeconds(3600)));
    }
    return makeMaven(instead);
  }

  private Path makeMaven(String instead) throws IOException {
    Path calls = folder.resolve("calls");
    String build =
        """
        echo "$@" >>'%1$s/calls'
        mkdir -p spark-jobs/target
        touch spark-jobs/target/latte4j-spark-jobs-1.jar '%1$s/library.jar' '%1$s/spark.jar' \\
          '%1$s/text.jar'
        printf '%%s' '%1$s/library.jar' >spark-jobs/target/class-path-nd4j-native
        printf '%%s' '%1$s/spark.jar' >spark-jobs/target/class-path-spark
        printf '%%s' '%1$s/text.jar' >spark-jobs/target/class-path-text
        """
            .formatted(folder);
    Path maven = Scripts.write(folder.resolve("maven"), instead.isEmpty() ? build : instead);
    environment.put("MVN", maven.toString());
    return calls;
  }
}
