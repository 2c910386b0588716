package org.latte4j.spark.cli;

import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.latte4j.model.settings.Secrets;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.EnvironmentException;
import org.latte4j.spark.doctor.Finding;
import org.latte4j.spark.doctor.SparkCheck;

/**
 * Starts Spark for a verb.
 *
 * <p>The master is, in this order: the verb's {@code --master}, the setting {@code spark.master},
 * what {@code spark-submit} says, {@code local[*]}. Properties of {@code spark.properties} win over
 * those of {@code spark-submit}.
 */
public final class SparkApplication {
  private static final String EXECUTOR_OPTIONS = "spark.executor.extraJavaOptions";

  /** Without it, JavaCPP takes the heap's size as the limit for arrays outside the heap. */
  private static final String UNLIMITED_NATIVE_MEMORY =
      "-Dorg.bytedeco.javacpp.maxbytes=0 -Dorg.bytedeco.javacpp.maxphysicalbytes=0";

  private static final String VECTOR_MODULE = "--add-modules jdk.incubator.vector";

  private SparkApplication() {}

  /**
   * A new Spark context; the caller closes it.
   *
   * @param name shown in Spark's UI
   * @param master wins over every setting when given
   * @throws SettingsException when the master is none that Spark knows
   * @throws EnvironmentException when the master does not answer or Spark does not start
   */
  public static JavaSparkContext start(String name, Settings settings, Optional<String> master) {
    SparkConf conf = configuration(name, settings, master);
    requireAnswer(conf.get("spark.master"));
    try {
      return new JavaSparkContext(conf);
    } catch (Exception e) { // Scala throws checked ones undeclared.
      throw notStarted(conf.get("spark.master"), e);
    }
  }

  /**
   * Hadoop's configuration as Spark would have it, with the properties {@code spark.hadoop.*}, for
   * work that needs files and no Spark.
   */
  public static Configuration hadoop(Settings settings) {
    SparkConf conf = configuration("files", settings, Optional.empty());
    return SparkHadoopUtil.get().newConfiguration(conf);
  }

  static SparkConf configuration(String name, Settings settings, Optional<String> master) {
    SparkConf conf = new SparkConf().setAppName("latte " + name);
    for (Map.Entry<String, String> property : settings.map("spark.properties").entrySet()) {
      conf.set("spark." + property.getKey(), property.getValue());
    }
    master.or(() -> settings.optionalText("spark.master")).ifPresent(conf::setMaster);
    conf.setIfMissing("spark.master", "local[*]");
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    Libraries.deliver(
        conf,
        settings.oneOf("spark.libraries", Libraries.Delivery.class),
        System.getProperty(Libraries.PROPERTY, ""));
    String options = conf.get(EXECUTOR_OPTIONS, "");
    if (!options.contains(VECTOR_MODULE)) {
      options = (VECTOR_MODULE + " " + options).strip();
    }
    if (!options.contains("org.bytedeco.javacpp.max")) {
      options += " " + UNLIMITED_NATIVE_MEMORY;
    }
    conf.set(EXECUTOR_OPTIONS, options);
    // What Spark's interface, event log and own messages hide: what ours do, and what the user
    // says.
    String hidden = conf.get("spark.redaction.regex", Secrets.KEYS);
    conf.set(
        "spark.redaction.regex",
        hidden.equals(Secrets.KEYS) ? hidden : Secrets.KEYS + "|" + hidden);
    if (conf.contains("spark.executor.resource.gpu.amount")) {
      // CUDA's own order is by speed; Spark's addresses are nvidia-smi's.
      conf.setIfMissing("spark.executorEnv.CUDA_DEVICE_ORDER", "PCI_BUS_ID");
    }
    // Weights are noise to a compressor: it takes longer than moving them does.
    conf.setIfMissing("spark.shuffle.compress", "false");
    // Only compressed shuffle files are ever compared with their checksums.
    conf.setIfMissing("spark.shuffle.checksum.enabled", "false");
    // Above it, Spark writes all of a worker's slices into one file; below, into a file each, and
    // then all bytes a second time.
    conf.setIfMissing("spark.shuffle.sort.bypassMergeThreshold", "1");
    // A worker may run anywhere: its slices lie on all executors.
    conf.setIfMissing("spark.locality.wait", "0s");
    surviveLosses(conf);
    refuseHiddenSpeculation(conf);
    return conf;
  }

  /** In a file, {@code speculation.interval} replaces {@code speculation} without a word. */
  private static void refuseHiddenSpeculation(SparkConf conf) {
    if (!conf.contains("spark.speculation")
        && conf.getAllWithPrefix("spark.speculation.").length > 0) {
      throw new SettingsException(
          "spark.properties has speculation.%s but not speculation, without which it means nothing."
                  .formatted(conf.getAllWithPrefix("spark.speculation.")[0]._1)
              + " If both are given in one file, put the longer name in quotes"
              + " (\"speculation.interval\" = 1s): HOCON takes it for a section in place of the"
              + " value otherwise");
    }
  }

  /** Spark itself would try for a minute, and then stop with an unrelated error. */
  private static void requireAnswer(String master) {
    if (!master.startsWith("spark://") && !master.startsWith("k8s://")) {
      return;
    }
    for (Finding finding : new SparkCheck(master).examine()) {
      if (finding.level() == Finding.Level.UNUSABLE) {
        throw new EnvironmentException(finding.text() + ". " + finding.remedy());
      }
    }
  }

  /** For runs of weeks, in which machines come and go. */
  private static void surviveLosses(SparkConf conf) {
    // Both are counted within one round, from 0 again in the next: how often one task may be lost,
    // and how often a stage may have to begin again because what it reads is lost. Spark's 4 of
    // each are soon used up while machines are taken away one after the other.
    conf.setIfMissing("spark.task.maxFailures", "8");
    conf.setIfMissing("spark.stage.maxConsecutiveAttempts", "16");
    // YARN and Kubernetes end a job after so many lost executors: only those of the last hour.
    conf.setIfMissing("spark.executor.failuresValidityInterval", "1h");
    // For so many milliseconds executors go on asking the neighbours that they knew (a minute). One
    // that has taken a dead one's place would get no second copies of the state until then.
    conf.setIfMissing("spark.storage.cachedPeersTtl", "1000");
    // Spark's UI keeps what it knows about a thousand jobs in the driver's heap, finished or not.
    conf.setIfMissing("spark.ui.retainedJobs", "200");
    conf.setIfMissing("spark.ui.retainedStages", "400");
    conf.setIfMissing("spark.ui.retainedTasks", "20000");
    conf.setIfMissing("spark.ui.retainedDeadExecutors", "50");
    // Not set on purpose: spark.excludeOnFailure.enabled. On few machines it ends the job when an
    // executor is killed twice on each of them; docs/failures.md says when to turn it on.
  }

  private static RuntimeException notStarted(String master, Exception cause) {
    if (String.valueOf(cause.getMessage()).contains("Could not parse Master URL")) {
      if (master.equals("yarn") || master.startsWith("k8s://")) {
        return new EnvironmentException(
            "the master is "
                + master
                + ", and bin/latte's own Spark has no client for it: submit the job from an"
                + " installation of Spark, with bin/latte-submit",
            cause);
      }
      return new SettingsException(
          "the Spark master (--master, spark.master) is "
              + master
              + ": it must be local[N], spark://HOST:PORT, yarn or k8s://HOST:PORT",
          cause);
    }
    return new EnvironmentException(
        "Spark did not start with master "
            + master
            + ": "
            + cause.getMessage()
            + ". Is it running and reachable? bin/latte doctor --master "
            + master
            + " says more",
        cause);
  }
}
