package org.latte4j.model.settings;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What nobody may read in logs, messages, reports and provenance: the values of settings whose keys
 * sound like passwords, keys of stores, or tokens.
 */
public final class Secrets {
  /** Stands where a secret stood. */
  public static final String MASK = "******";

  /**
   * Finds itself in keys whose values are secret. A regular expression that Spark takes as well
   * ({@code spark.redaction.regex}).
   */
  public static final String KEYS =
      "(?i)secret|passw(or)?d|passphrase|token(?!s|iz)|credential(?!s[._-]?provider)"
          + "|(access|account|encryption|private|api)[._-]?key|\\bsas\\b";

  private static final Pattern KEY = Pattern.compile(KEYS);

  private static final String VALUE = "(\"[^\"]*\"|'[^']*'|[^\\s\"',;)}]+)";
  private static final String SECRET_KEY = "[\\w.\\[\\]-]*(" + KEYS + ")[\\w.\\[\\]-]*";

  /** {@code a.password=x}, and {@code "password": "x"}, but not "no password: set one". */
  private static final Pattern ASSIGNMENT =
      Pattern.compile(
          "(?<key>" + SECRET_KEY + "\"?\\s*=\\s*|" + SECRET_KEY + "\"\\s*:\\s*)" + VALUE);

  /** {@code scheme://user:password@host}. */
  private static final Pattern LOGIN = Pattern.compile("(?<scheme>\\w://)[^/\\s:@]+:[^/\\s@]+@");

  /** Shorter values than this are not looked for in texts: they stand for themselves by chance. */
  private static final int SHORTEST = 4;

  private Secrets() {}

  /** Whether the value of a setting is secret, judging by its full key. */
  public static boolean isSecret(String key) {
    return KEY.matcher(key).find();
  }

  /** The values of those settings that are secret. */
  public static Set<String> valuesIn(Map<String, ?> settings) {
    return settings.entrySet().stream()
        .filter(setting -> isSecret(setting.getKey()))
        .map(setting -> String.valueOf(setting.getValue()))
        .filter(value -> !value.isBlank())
        .collect(Collectors.toSet());
  }

  /** A text without the values that it assigns to secret keys, and without logins in addresses. */
  public static String mask(String text) {
    String assigned = ASSIGNMENT.matcher(text).replaceAll("${key}" + MASK);
    return LOGIN.matcher(assigned).replaceAll("${scheme}" + MASK + "@");
  }

  /** As {@link #mask(String)}, and without the given values wherever they stand. */
  public static String mask(String text, Collection<String> values) {
    String masked = text;
    for (String value : values) {
      if (value.strip().length() >= SHORTEST) {
        masked = masked.replace(value, MASK);
      }
    }
    return mask(masked);
  }
}
