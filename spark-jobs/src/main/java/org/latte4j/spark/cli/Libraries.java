package org.latte4j.spark.cli;

import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkConf;

/**
 * Brings Latte4J's own jar and what it needs beside Spark to executors in other processes.
 *
 * <p>The launcher says which jars these are. Under {@code spark-submit}, its {@code --jars} (or a
 * class path of the executors) has settled the matter, and nothing is done here.
 */
final class Libraries {
  /** How executors get the libraries: the setting {@code spark.libraries}. */
  enum Delivery {
    /** {@link #INSTALLED} for a master on the loopback address, {@link #SHIP} for others. */
    AUTO,
    /** The driver sends them to every executor. */
    SHIP,
    /** They lie in the same folder on every machine. */
    INSTALLED
  }

  /**
   * System property of the launcher: a class path of jars and of folders that end in {@code /*}.
   */
  static final String PROPERTY = "latte.libraries";

  private static final String JARS = "spark.jars";
  private static final String CLASS_PATH = "spark.executor.extraClassPath";

  private Libraries() {}

  /** Adds what executors need, if the launcher named it and the user's properties do not. */
  static void deliver(SparkConf conf, Delivery delivery, String classPath) {
    String master = conf.get("spark.master");
    if (classPath.isEmpty() || master.matches("local(\\[.*])?")) {
      return;
    }
    if (conf.contains(JARS) || conf.contains(CLASS_PATH)) {
      return;
    }
    boolean installed =
        delivery == Delivery.INSTALLED || (delivery == Delivery.AUTO && onLoopback(master));
    if (installed) {
      conf.set(CLASS_PATH, classPath);
    } else {
      conf.set(JARS, String.join(",", jars(classPath)));
    }
  }

  /** A cluster that only this machine can reach has its executors here. */
  private static boolean onLoopback(String master) {
    if (!master.startsWith("spark://")) {
      return false;
    }
    return Arrays.stream(master.substring("spark://".length()).split(","))
        .allMatch(address -> address.toLowerCase(Locale.ROOT).matches("(localhost|127\\..*):\\d+"));
  }

  private static List<String> jars(String classPath) {
    List<String> jars = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      if (entry.endsWith("/*")) {
        File[] files = new File(entry.substring(0, entry.length() - 2)).listFiles();
        if (files != null) {
          Arrays.stream(files)
              .filter(file -> file.getName().endsWith(".jar"))
              .sorted()
              .map(Libraries::uri)
              .forEach(jars::add);
        }
      } else {
        jars.add(uri(new File(entry)));
      }
    }
    return jars;
  }

  private static String uri(File jar) {
    return jar.toPath().toAbsolutePath().toUri().toString();
  }
}
