package org.latte4j.spark.train;

import java.util.Map;
import java.util.Objects;
import org.apache.spark.api.java.JavaSparkContext;
import org.nd4j.linalg.factory.Nd4j;

/** What a run was made with. */
public final class Versions {
  private Versions() {}

  /** Latte4J, Spark, Java and the ND4J backend. */
  public static Map<String, String> all(JavaSparkContext context) {
    return Map.of(
        "latte4j",
        Objects.requireNonNullElse(
            Versions.class.getPackage().getImplementationVersion(), "development"),
        "spark",
        context.version(),
        "java",
        System.getProperty("java.version"),
        "nd4j-backend",
        Nd4j.getBackend().getClass().getSimpleName());
  }
}
