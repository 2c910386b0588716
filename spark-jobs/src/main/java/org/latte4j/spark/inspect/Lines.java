package org.latte4j.spark.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.latte4j.model.latte.LatteConfiguration;

/** Labelled facts, one a line. */
final class Lines {
  private static final int SHOWN = 8;

  private final List<String> lines = new ArrayList<>();

  void add(String label, String value) {
    lines.add(String.format(Locale.ROOT, "%-14s %s", label, value));
  }

  void add(String label, String format, Object... values) {
    add(label, String.format(Locale.ROOT, format, values));
  }

  /** What a network is made of. */
  void addSizes(LatteConfiguration network) {
    add(
        "sizes",
        "depth %d, width %d, %d heads, patch %d",
        network.depth(),
        network.hiddenSize(),
        network.heads(),
        network.patchSize());
    add("latent", "%s", network.latent());
  }

  List<String> all() {
    return List.copyOf(lines);
  }

  /** The first elements of a list that may be long. */
  static String shortened(List<String> elements) {
    return elements.size() <= SHOWN
        ? elements.toString()
        : elements.subList(0, SHOWN) + " and " + (elements.size() - SHOWN) + " more";
  }

  /** A size as people say it. */
  static String bytes(long bytes) {
    if (bytes < 1_000_000) {
      return String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
    }
    return bytes < 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
  }
}
