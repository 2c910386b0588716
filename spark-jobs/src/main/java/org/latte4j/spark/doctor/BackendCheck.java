package org.latte4j.spark.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's backend, its BLAS and threads, checked with a small matrix product. */
public final class BackendCheck implements Check {
  private static final String REBUILD =
      "The natives are for linux-x86_64 with AVX2 and glibc 2.17 or newer. Build again from a clean"
          + " clone, and run with --verbose for the cause.";

  @Override
  public List<Finding> examine() {
    try {
      List<Finding> findings = new ArrayList<>();
      Properties environment = Nd4j.getExecutioner().getEnvironmentInformation();
      findings.add(Finding.fine("backend", Nd4j.getBackend().getClass().getSimpleName()));
      findings.add(product());
      findings.add(
          Finding.fine(
              "BLAS",
              "%s, %s threads"
                  .formatted(environment.get("blas.vendor"), environment.get("omp.threads"))));
      return findings;
    } catch (LinkageError | RuntimeException e) {
      return List.of(Finding.unusable("backend", "ND4J does not start: " + e, REBUILD));
    }
  }

  private static Finding product() {
    try (INDArray a = Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}});
        INDArray b = a.mmul(a)) {
      return b.getFloat(1, 0) == 15
          ? Finding.fine("arithmetic", "a matrix product gives what it should")
          : Finding.unusable("arithmetic", "a matrix product is wrong: " + b, REBUILD);
    }
  }
}
