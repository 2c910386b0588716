package org.latte4j.spark.sample;

import java.io.Serializable;
import java.util.List;

/**
 * A video that was made.
 *
 * @param sample number in the run
 * @param label class, or -1
 * @param className name of the class or of the text; empty for a model without
 * @param number within the class or text
 * @param files paths of what was written
 */
public record SampledVideo(long sample, int label, String className, int number, List<String> files)
    implements Serializable {
  /** Copies the list. */
  public SampledVideo {
    files = List.copyOf(files);
  }
}
