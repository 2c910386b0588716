package org.latte4j.data.source;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which files of a folder are frames of a video, and their order. */
public final class FrameOrder {
  private static final Set<String> ENDINGS =
      Set.of("jpg", "jpeg", "png", "bmp", "webp", "tif", "tiff");

  /** The last digits before the ending: the N of {@code name_N.jpg} and of {@code N.png}. */
  private static final Pattern NUMBER = Pattern.compile("(\\d+)\\D*\\.[^.]*$");

  private static final BigInteger NONE = BigInteger.ONE.negate();

  /**
   * By the last number in the name, as a number: {@code a_9.jpg} is before {@code a_10.jpg}. Names
   * without a number come first; equal numbers are in the order of the names.
   */
  public static final Comparator<String> BY_NUMBER =
      (Comparator<String> & Serializable)
          (a, b) -> {
            int numbers = number(a).compareTo(number(b));
            return numbers != 0 ? numbers : a.compareTo(b);
          };

  private FrameOrder() {}

  /** Whether a file name ends like a picture and is not hidden. */
  public static boolean isFrame(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0
        && !name.startsWith(".")
        && !name.startsWith("_")
        && ENDINGS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  /** The frame's number in its name, -1 for none. */
  static BigInteger number(String name) {
    Matcher matcher = NUMBER.matcher(name);
    return matcher.find() ? new BigInteger(matcher.group(1)) : NONE;
  }
}
