package org.latte4j.spark.start;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a network has of the weights that it began with.
 *
 * @param source where they lie, and which part it was
 * @param kind of model, in words
 * @param loadedParameters arrays of the network that were loaded
 * @param parameters arrays of the network
 * @param loadedValues numbers in the loaded ones
 * @param values trainable values of the network
 * @param skipped arrays of the source that were not used, with the reason
 * @param missing arrays of the network that were not loaded, with what they begin as
 * @param positions what became of the position tables
 */
@JsonPropertyOrder({
  "source",
  "kind",
  "loadedParameters",
  "parameters",
  "loadedValues",
  "values",
  "skipped",
  "missing",
  "positions"
})
public record StartReport(
    String source,
    String kind,
    int loadedParameters,
    int parameters,
    long loadedValues,
    long values,
    List<Entry> skipped,
    List<Entry> missing,
    String positions) {
  private static final Pattern IN_BLOCK = Pattern.compile("blocks\\.(\\d+)\\..*");

  /** Copies the lists. */
  public StartReport {
    skipped = List.copyOf(skipped);
    missing = List.copyOf(missing);
  }

  /**
   * One array.
   *
   * @param name of the array
   * @param why it was skipped, or what it begins as
   */
  @JsonPropertyOrder({"name", "why"})
  public record Entry(String name, String why) {}

  /** For people: one line for the whole, then those of a kind together. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "start from %s (%s): %d of %d parameters loaded, %.2f%% of the values",
            source,
            kind,
            loadedParameters,
            parameters,
            100.0 * loadedValues / values));
    lines.addAll(grouped("skipped", skipped));
    lines.addAll(grouped("missing", missing));
    lines.add("  positions: " + positions);
    return lines;
  }

  private static List<String> grouped(String title, List<Entry> entries) {
    Map<String, List<String>> names = new LinkedHashMap<>();
    for (Entry entry : entries) {
      names.computeIfAbsent(entry.why(), why -> new ArrayList<>()).add(entry.name());
    }
    List<String> lines = new ArrayList<>();
    names.forEach(
        (why, group) ->
            lines.add("  %s: %s: %s".formatted(title, String.join(", ", named(group)), why)));
    return lines;
  }

  /** Parameters of blocks are counted, others named. */
  private static List<String> named(List<String> names) {
    List<String> named = new ArrayList<>();
    Map<Integer, Integer> inBlock = new TreeMap<>();
    for (String name : names) {
      Matcher matcher = IN_BLOCK.matcher(name);
      if (matcher.matches()) {
        inBlock.merge(Integer.valueOf(matcher.group(1)), 1, Integer::sum);
      } else {
        named.add(name);
      }
    }
    if (!inBlock.isEmpty()) {
      int count = inBlock.values().stream().mapToInt(Integer::intValue).sum();
      String blocks = inBlock.keySet().toString().replaceAll("[\\[\\]]", "");
      named.add("%d parameters of blocks %s".formatted(count, blocks));
    }
    return named;
  }
}
