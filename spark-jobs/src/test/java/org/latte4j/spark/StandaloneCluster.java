package org.latte4j.spark;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;

/**
 * A Spark standalone cluster on this machine: a master and workers as processes of their own, with
 * the test's class path. Each worker has a loopback address of its own, so that Spark takes them
 * for different machines. Closing it ends them and their executors.
 */
public final class StandaloneCluster implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final String EXECUTOR_MEMORY = "512m";

  private final Path home;
  private final Path localFolder;
  private final String master;
  private final int coresEach;
  private final Process masterProcess;
  private final List<Process> workers = new ArrayList<>();

  private StandaloneCluster(
      int workers, int coresEach, Optional<Path> localFolder, Map<String, String> workerProperties)
      throws IOException {
    this.coresEach = coresEach;
    home = Files.createTempDirectory("spark-standalone");
    Files.write(
        workerProperties(),
        workerProperties.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    this.localFolder = localFolder.orElse(home.resolve("local"));
    // Spark's launcher looks for this folder; the class path comes from conf().
    Files.createDirectories(home.resolve("jars"));
    master = "spark://%s:%d".formatted(HOST, freePort());
    masterProcess =
        launch(
            "master",
            HOST,
            "org.apache.spark.deploy.master.Master",
            "--host",
            HOST,
            "--port",
            master.substring(master.lastIndexOf(':') + 1),
            "--webui-port",
            "0");
    awaitMaster();
    for (int worker = 0; worker < workers; worker++) {
      this.workers.add(launchWorker(worker));
    }
  }

  private Process launchWorker(int worker) throws IOException {
    String name = "worker-" + worker;
    String host = "127.0.0.%d".formatted(1 + worker);
    return launch(
        name,
        host,
        "org.apache.spark.deploy.worker.Worker",
        "--host",
        host,
        "--port",
        "0",
        "--webui-port",
        "0",
        "--cores",
        "" + coresEach,
        "--memory",
        EXECUTOR_MEMORY,
        "--work-dir",
        home.resolve(name).toString(),
        "--properties-file",
        workerProperties().toString(),
        master);
  }

  private Path workerProperties() {
    return home.resolve("worker.properties");
  }

  /** Starts a cluster; workers register while the driver starts. */
  public static StandaloneCluster start(int workers, int coresEach) {
    return start(workers, coresEach, Optional.empty(), Map.of());
  }

  /** The same with Spark's properties of the workers, such as the GPUs that they offer. */
  public static StandaloneCluster start(
      int workers, int coresEach, Map<String, String> workerProperties) {
    return start(workers, coresEach, Optional.empty(), workerProperties);
  }

  /** The same with executors that keep shuffle files and spilled blocks in a given folder. */
  public static StandaloneCluster start(int workers, int coresEach, Path localFolder) {
    return start(workers, coresEach, Optional.of(localFolder), Map.of());
  }

  private static StandaloneCluster start(
      int workers,
      int coresEach,
      Optional<Path> localFolder,
      Map<String, String> workerProperties) {
    try {
      return new StandaloneCluster(workers, coresEach, localFolder, workerProperties);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where executors keep shuffle files and spilled blocks. */
  public Path localFolder() {
    return localFolder;
  }

  /** A machine goes down: a worker's process and its executors end at once. */
  public void killWorker(int worker) {
    end(workers.get(worker));
  }

  /** The machine comes back: a new process for a worker that was killed. */
  public void restartWorker(int worker) {
    try {
      workers.set(worker, launchWorker(worker));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The master's URL. */
  public String master() {
    return master;
  }

  /** What a driver needs to use the whole cluster, one executor a worker. */
  public SparkConf conf() {
    return new SparkConf()
        .setMaster(master)
        .setAppName("test")
        .set("spark.ui.enabled", "false")
        .set("spark.driver.host", HOST)
        .set("spark.driver.bindAddress", HOST)
        .set("spark.executor.memory", EXECUTOR_MEMORY)
        .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        .set("spark.executor.extraJavaOptions", "--add-modules jdk.incubator.vector")
        .set("spark.cores.max", Integer.toString(workers.size() * coresEach))
        .set("spark.scheduler.minRegisteredResourcesRatio", "1.0")
        .set("spark.scheduler.maxRegisteredResourcesWaitingTime", "120s");
  }

  /** What the processes have logged, for a failing test to show. */
  public String logs() throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      return files
          .filter(file -> file.toString().endsWith(".log") || file.endsWith("stderr"))
          .map(StandaloneCluster::text)
          .collect(Collectors.joining("\n"));
    }
  }

  @Override
  public void close() {
    workers.forEach(StandaloneCluster::end);
    end(masterProcess);
    deleteRecursively(home.toFile());
  }

  private static void end(Process process) {
    // The process first: a worker would start another executor.
    List<ProcessHandle> descendants = process.descendants().toList();
    process.destroyForcibly();
    descendants.forEach(ProcessHandle::destroyForcibly);
    try {
      process.waitFor();
      for (ProcessHandle descendant : descendants) {
        descendant.onExit().get(10, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("a process of the cluster does not end", e);
    }
  }

  private Process launch(String name, String host, String mainClass, String... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                mainClass));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
    builder.environment().put("SPARK_HOME", home.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.12");
    builder.environment().put("SPARK_LOCAL_IP", host);
    builder.environment().put("SPARK_LOCAL_DIRS", localFolder.toString());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    File log = home.resolve(name + ".log").toFile();
    // A worker that comes back goes on with its log.
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }

  /**
   * Waits until the master takes registrations: that is a moment after its port answers, and a
   * driver that comes too early tries again only after 20 seconds. If the log never says so,
   * drivers start late, and that is all.
   */
  private void awaitMaster() throws IOException {
    Path log = home.resolve("master.log");
    long begin = System.nanoTime();
    while (masterProcess.isAlive()) {
      if (Files.readString(log).contains("New state: ALIVE")
          || System.nanoTime() - begin > TimeUnit.MINUTES.toNanos(1)) {
        return;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    throw new IOException("Spark's master ended at once:\n" + logs());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    }
  }

  private static String text(Path file) {
    try {
      return file + ":\n" + Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void deleteRecursively(File file) {
    File[] children = file.listFiles();
    if (children != null) {
      for (File child : children) {
        deleteRecursively(child);
      }
    }
    // What an executor still held is left to the system's temporary folder.
    if (!file.delete()) {
      file.deleteOnExit();
    }
  }
}
