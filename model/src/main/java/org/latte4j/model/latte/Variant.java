package org.latte4j.model.latte;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** How the network looks at space and time (section 3.2, figure 2). */
public enum Variant {
  /** Variant 1: spatial and temporal blocks in turn. */
  INTERLEAVED(1),
  /** Variant 2: the first half of the blocks is spatial, the second half temporal. */
  LATE_FUSION(2),
  /** Variant 3: every block attends over space, then over time. */
  SEQUENTIAL_ATTENTION(3),
  /** Variant 4: in every block half of the heads attend over space, the others over time. */
  PARALLEL_ATTENTION(4);

  private final int number;

  Variant(int number) {
    this.number = number;
  }

  /** The variant that the paper gives a number. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Variant of(int number) {
    for (Variant variant : values()) {
      if (variant.number == number) {
        return variant;
      }
    }
    throw new IllegalArgumentException("there are variants 1 to 4, but none " + number);
  }

  /** The paper's number, 1 to 4. */
  @JsonValue
  public int number() {
    return number;
  }

  /** Whether one block holds attention over space and attention over time. */
  public boolean joinsSpaceAndTime() {
    return this == SEQUENTIAL_ATTENTION || this == PARALLEL_ATTENTION;
  }

  /**
   * Whether a block attends over time and not over space.
   *
   * @param block index from 0
   * @param depth number of blocks
   */
  public boolean isTemporal(int block, int depth) {
    return switch (this) {
      case INTERLEAVED -> block % 2 == 1;
      case LATE_FUSION -> block >= depth / 2;
      case SEQUENTIAL_ATTENTION, PARALLEL_ATTENTION -> false;
    };
  }
}
