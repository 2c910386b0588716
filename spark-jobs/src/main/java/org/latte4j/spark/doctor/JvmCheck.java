package org.latte4j.spark.doctor;

import java.util.List;
import jdk.incubator.vector.FloatVector;

/** The Java version, and whether the Vector API's incubator module is there. */
public final class JvmCheck implements Check {
  private static final int OLDEST = 17;

  @Override
  public List<Finding> examine() {
    return List.of(java(), vectors());
  }

  private static Finding java() {
    String text =
        "%s %s, %d processors"
            .formatted(
                System.getProperty("java.vm.name"),
                Runtime.version(),
                Runtime.getRuntime().availableProcessors());
    return Runtime.version().feature() >= OLDEST
        ? Finding.fine("java", text)
        : Finding.unusable("java", text, "Install JDK 17 and point JAVA_HOME to it.");
  }

  private static Finding vectors() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return Finding.unusable(
          "vector API",
          "the module jdk.incubator.vector is not loaded",
          "Start through bin/latte, or add --add-modules jdk.incubator.vector to the options of the"
              + " driver and of the executors (spark.driver.extraJavaOptions,"
              + " spark.executor.extraJavaOptions).");
    }
    int bits = Vectors.width();
    String text = "vectors of %d bits, %d floats".formatted(bits, bits / Float.SIZE);
    return bits >= 256
        ? Finding.fine("vector API", text)
        : Finding.warning(
            "vector API",
            text,
            "The processor has no AVX2, for which the native libraries are built: use another"
                + " machine.");
  }

  /** Loaded only when the module is there. */
  private static final class Vectors {
    static int width() {
      return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }
  }
}
