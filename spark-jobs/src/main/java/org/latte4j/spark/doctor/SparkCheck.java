package org.latte4j.spark.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.package$;

/** Spark's version, and whether the master can be reached. */
public final class SparkCheck implements Check {
  private static final int TIMEOUT_MILLIS = 5000;
  private static final Pattern STANDALONE = Pattern.compile("spark://(.+)");
  private static final Pattern KUBERNETES = Pattern.compile("k8s://(https?://)?([^/]+).*");

  private final String master;

  /** For a master as Spark writes it, such as {@code local[2]} or {@code spark://host:7077}. */
  public SparkCheck(String master) {
    this.master = master;
  }

  @Override
  public List<Finding> examine() {
    return List.of(
        Finding.fine("spark", "version " + package$.MODULE$.SPARK_VERSION()), reachable());
  }

  private Finding reachable() {
    Matcher standalone = STANDALONE.matcher(master);
    Matcher kubernetes = KUBERNETES.matcher(master);
    if (master.matches("local(\\[.+])?")) {
      return Finding.fine("master", master + ": executors are threads of this process");
    }
    if (master.equals("yarn")) {
      return yarn();
    }
    if (standalone.matches()) {
      return connect(List.of(standalone.group(1).split(",")), 7077);
    }
    if (kubernetes.matches()) {
      return connect(List.of(kubernetes.group(2)), 443);
    }
    return Finding.unusable(
        "master",
        master + ": not a Spark master",
        "Use local[N], spark://HOST:PORT, yarn or k8s://HOST:PORT.");
  }

  private Finding yarn() {
    for (String variable : List.of("HADOOP_CONF_DIR", "YARN_CONF_DIR")) {
      if (System.getenv(variable) != null) {
        return Finding.fine("master", "yarn, configured by " + variable);
      }
    }
    return Finding.unusable(
        "master",
        "yarn, but neither HADOOP_CONF_DIR nor YARN_CONF_DIR is set",
        "Point HADOOP_CONF_DIR to the cluster's configuration, and start through spark-submit.");
  }

  /** Any of the addresses will do: a standalone cluster may have masters in reserve. */
  private Finding connect(List<String> addresses, int defaultPort) {
    List<String> failures = new ArrayList<>();
    for (String address : addresses) {
      try (Socket socket = new Socket()) {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? address : address.substring(0, colon);
        int port = colon < 0 ? defaultPort : Integer.parseInt(address.substring(colon + 1));
        socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
        return Finding.fine("master", master + ": " + address + " answers");
      } catch (IOException | IllegalArgumentException e) {
        failures.add(address + ": " + e.getMessage());
      }
    }
    return Finding.unusable(
        "master",
        master + " cannot be reached (" + String.join("; ", failures) + ")",
        "Start it (bin/local-cluster start), or check the address and the firewall.");
  }
}
