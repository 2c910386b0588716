package org.latte4j.model.latte;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sizes by which a model is called: Latte-XL/2 has 28 blocks, D = 1152, 16 heads, patches of 2
 * x 2 (arXiv 2401.03048, table 1).
 *
 * @param depth transformer blocks
 * @param hiddenSize D
 * @param heads attention heads
 * @param patchSize p
 */
public record ModelSize(int depth, int hiddenSize, int heads, int patchSize) {
  private static final Pattern NAMED = Pattern.compile("(XL|L|B|S)/([248])");
  private static final Pattern FREE =
      Pattern.compile("(\\d{1,4})x(\\d{1,5})x(\\d{1,3})/(\\d{1,2})");

  /** Depth, hidden size and heads of the paper's models. */
  private static final Map<String, int[]> PUBLISHED = new LinkedHashMap<>();

  static {
    PUBLISHED.put("S", new int[] {12, 384, 6});
    PUBLISHED.put("B", new int[] {12, 768, 12});
    PUBLISHED.put("L", new int[] {24, 1024, 16});
    PUBLISHED.put("XL", new int[] {28, 1152, 16});
  }

  /**
   * Reads a published name such as {@code S/2}, or {@code DEPTHxWIDTHxHEADS/PATCH} such as {@code
   * 6x128x4/2}.
   *
   * @throws IllegalArgumentException when the text is neither
   */
  public static ModelSize parse(String text) {
    Matcher named = NAMED.matcher(text);
    if (named.matches()) {
      int[] sizes = PUBLISHED.get(named.group(1));
      return new ModelSize(sizes[0], sizes[1], sizes[2], Integer.parseInt(named.group(2)));
    }
    Matcher free = FREE.matcher(text);
    if (free.matches()) {
      return new ModelSize(
          Integer.parseInt(free.group(1)),
          Integer.parseInt(free.group(2)),
          Integer.parseInt(free.group(3)),
          Integer.parseInt(free.group(4)));
    }
    throw new IllegalArgumentException(
        "\"%s\" is not a model's size: expected S, B, L or XL with /2, /4 or /8, or DEPTHxWIDTHxHEADS/PATCH such as 6x128x4/2"
            .formatted(text));
  }

  /**
   * The heads of the published model with this depth and width, if there is one.
   *
   * @param depth of Variants 1 and 2, or that of Variants 3 and 4, which is {@link #joinedDepth}
   */
  public static Optional<Integer> publishedHeads(int depth, int hiddenSize) {
    return PUBLISHED.values().stream()
        .filter(sizes -> sizes[0] == depth || joinedDepth(sizes[0]) == depth)
        .filter(sizes -> sizes[1] == hiddenSize)
        .map(sizes -> sizes[2])
        .findFirst();
  }

  /**
   * The blocks of Variants 3 and 4 that have about as many parameters as so many of Variants 1 and
   * 2. A block with two attentions has 22 D^2 parameters instead of 18 D^2: 23 blocks for
   * Latte-XL's 28, as in the paper.
   */
  public static int joinedDepth(int depth) {
    return Math.max(1, Math.round(depth * 18 / 22f));
  }
}
