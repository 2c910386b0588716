package org.latte4j.spark.doctor;

import java.util.List;

/** Looks at one part of the machine. A check reports trouble as a finding; it does not throw. */
@FunctionalInterface
public interface Check {
  /** What there is to say, at least one finding. */
  List<Finding> examine();
}
