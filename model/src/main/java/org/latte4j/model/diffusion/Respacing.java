package org.latte4j.model.diffusion;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Which timesteps of a long schedule a shorter one keeps. Improved DDPM (arXiv 2102.09672), section
 * 4; DDIM (arXiv 2010.02502), appendix D.2.
 *
 * <p>Two forms, as the reference writes them:
 *
 * <ul>
 *   <li>{@code "250"}, {@code "10,20,30"}: the schedule is cut into as many equal sections as there
 *       are numbers, and each section keeps that many steps, evenly spaced from its first to its
 *       last;
 *   <li>{@code "ddim50"}: exactly that many steps with a fixed integer stride from step 0.
 * </ul>
 */
public final class Respacing {
  private static final String STRIDED = "ddim";

  private final String text;
  private final boolean strided;
  private final List<Integer> counts;

  private Respacing(String text, boolean strided, List<Integer> counts) {
    this.text = text;
    this.strided = strided;
    this.counts = List.copyOf(counts);
  }

  /**
   * Reads one of the two forms.
   *
   * @throws IllegalArgumentException if {@code text} is neither
   */
  public static Respacing parse(String text) {
    String trimmed = text.strip();
    boolean strided = trimmed.startsWith(STRIDED);
    List<Integer> counts = new ArrayList<>();
    String numbers = strided ? trimmed.substring(STRIDED.length()) : trimmed;
    for (String number : numbers.split(",", -1)) {
      counts.add(positive(number.strip(), text));
    }
    if (strided && counts.size() != 1) {
      throw unreadable(text);
    }
    return new Respacing(trimmed, strided, counts);
  }

  private static int positive(String number, String text) {
    int value;
    try {
      value = Integer.parseInt(number);
    } catch (NumberFormatException e) {
      throw unreadable(text);
    }
    if (value < 1) {
      throw unreadable(text);
    }
    return value;
  }

  private static IllegalArgumentException unreadable(String text) {
    return new IllegalArgumentException(
        ("sampling steps '%s' cannot be read: expected a number of steps (250), numbers for equal"
                + " sections of the schedule (10,20,30), or ddim and a number of steps (ddim50),"
                + " each number at least 1")
            .formatted(text));
  }

  /**
   * The timesteps kept of a schedule of {@code steps} steps, ascending.
   *
   * @throws IllegalArgumentException if the schedule has too few steps, or no integer stride gives
   *     the number of steps asked for
   */
  public int[] timesteps(int steps) {
    return strided ? evenStride(steps) : sections(steps);
  }

  private int[] evenStride(int steps) {
    int wanted = counts.get(0);
    for (int stride = 1; stride < steps; stride++) {
      int kept = (steps - 1) / stride + 1;
      if (kept == wanted) {
        int[] timesteps = new int[kept];
        for (int i = 0; i < kept; i++) {
          timesteps[i] = i * stride;
        }
        return timesteps;
      }
    }
    throw new IllegalArgumentException(
        ("sampling steps '%s': no integer stride takes exactly %d of %d steps; choose a divisor of"
                + " %d, or the form without ddim, which takes any number")
            .formatted(text, wanted, steps, steps));
  }

  private int[] sections(int steps) {
    int size = steps / counts.size();
    int longer = steps % counts.size();
    TreeSet<Integer> kept = new TreeSet<>();
    int start = 0;
    for (int i = 0; i < counts.size(); i++) {
      int length = size + (i < longer ? 1 : 0);
      int count = counts.get(i);
      if (count > length) {
        throw new IllegalArgumentException(
            "sampling steps '%s': section %d of %d has %d steps, of which %d cannot be kept"
                .formatted(text, i + 1, counts.size(), length, count));
      }
      // Summed up and rounded half to even as the reference does, so that the same steps are kept.
      double stride = count == 1 ? 1 : (length - 1) / (double) (count - 1);
      double position = 0;
      for (int k = 0; k < count; k++) {
        kept.add(start + (int) Math.rint(position));
        position += stride;
      }
      start += length;
    }
    return kept.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Respacing that && strided == that.strided && counts.equals(that.counts);
  }

  @Override
  public int hashCode() {
    return 31 * counts.hashCode() + Boolean.hashCode(strided);
  }

  /** The form it was read from. */
  @Override
  public String toString() {
    return text;
  }
}
