package org.latte4j.spark.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.model.settings.Settings;
import org.latte4j.spark.history.HistoryEntry.SessionBegan;
import org.latte4j.spark.train.RunDescription;
import org.latte4j.spark.train.Versions;

/** What there is to say about a driver that takes up a run. */
final class SessionFacts {
  /** Settings below it have no defaults that they could differ from. */
  private static final String FREE_KEYS = "spark.properties.";

  private SessionFacts() {}

  static SessionBegan of(JavaSparkContext context, Settings settings, RunDescription run)
      throws IOException {
    Map<String, String> flat = flat(settings);
    return new SessionBegan(
        run.finishedRounds(),
        System.currentTimeMillis(),
        run.parameters(),
        run.videos(),
        run.heldOutVideos(),
        run.plan().samplesPerRound(),
        run.plan().position(run.finishedRounds()).step(),
        run.settings().rounds(),
        run.dataFingerprint(),
        run.origin(),
        cluster(context),
        Versions.all(context),
        flat,
        command(context, settings, run, flat));
  }

  /** What starts the run again, with every setting that was given; secrets are masked. */
  private static String command(
      JavaSparkContext context, Settings settings, RunDescription run, Map<String, String> flat) {
    StringBuilder command =
        new StringBuilder("bin/latte ")
            .append(
                run.command().stream().map(SessionFacts::quoted).collect(Collectors.joining(" ")))
            .append(" --output ")
            .append(quoted(run.output().toString()))
            .append(" --master ")
            .append(quoted(context.master()));
    flat.forEach(
        (key, value) -> {
          if (key.startsWith(FREE_KEYS) || settings.given(key)) {
            command.append(" \\\n  --set ").append(quoted(key + "=" + value));
          }
        });
    return command.toString();
  }

  private static String quoted(String word) {
    return word.matches("[\\w./:=,@+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private static Map<String, String> cluster(JavaSparkContext context) {
    SparkConf conf = context.getConf();
    Map<String, String> cluster = new TreeMap<>();
    cluster.put("master", context.master());
    cluster.put("application", context.sc().applicationId());
    cluster.put("parallelism", Integer.toString(context.defaultParallelism()));
    // The driver is among those that Spark tells of.
    int executors = context.sc().getExecutorMemoryStatus().size() - 1;
    cluster.put("executors", context.isLocal() ? "in the driver" : Integer.toString(executors));
    cluster.put("executor-memory", conf.get("spark.executor.memory", "1g"));
    cluster.put("executor-cores", conf.get("spark.executor.cores", "all"));
    return cluster;
  }

  /** Settings by full key; values of secrets are masked. */
  private static Map<String, String> flat(Settings settings) {
    Map<String, String> flat = new TreeMap<>();
    try {
      flatten(new ObjectMapper().readTree(settings.resolvedJson()), "", flat);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("resolved settings are not JSON", e);
    }
    return flat;
  }

  /** A list as it is written on the command line: a,b. */
  private static String list(JsonNode node) {
    if (!node.isArray()) {
      return node.toString();
    }
    StringJoiner elements = new StringJoiner(",");
    node.forEach(element -> elements.add(element.asText()));
    return elements.toString();
  }

  private static void flatten(JsonNode node, String key, Map<String, String> flat) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              field ->
                  flatten(
                      field.getValue(),
                      key.isEmpty() ? field.getKey() : key + "." + field.getKey(),
                      flat));
    } else {
      flat.put(key, node.isTextual() ? node.asText() : list(node));
    }
  }
}
