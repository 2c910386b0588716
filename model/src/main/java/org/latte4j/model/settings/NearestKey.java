package org.latte4j.model.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the known key that somebody who wrote an unknown one most likely meant. */
final class NearestKey {
  private NearestKey() {}

  static Optional<String> of(String unknown, Collection<String> known) {
    Optional<String> sameName =
        known.stream().filter(key -> lastName(key).equals(lastName(unknown))).sorted().findFirst();
    Optional<String> similar =
        known.stream()
            .filter(key -> distance(key, unknown) <= Math.max(2, unknown.length() / 3))
            .min(
                Comparator.<String>comparingInt(key -> distance(key, unknown))
                    .thenComparing(Comparator.naturalOrder()));
    return similar.isPresent() ? similar : sameName;
  }

  private static String lastName(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substitution, 1 + Math.min(previous[j], current[j - 1]));
      }
      int[] swap = previous;
      previous = current;
      current = swap;
    }
    return previous[b.length()];
  }
}
