package org.latte4j.spark.sample;

import java.io.Serializable;
import java.util.List;

/**
 * A video that was made.
 *
 * @param sample number in the run
 * @param label class, or -1
 * @param className name of the class; empty for a model without classes
 * @param files paths of what was written
 */
public record SampledVideo(long sample, int label, String className, List<String> files)
    implements Serializable {
  /** Copies the list. */
  public SampledVideo {
    files = List.copyOf(files);
  }
}
