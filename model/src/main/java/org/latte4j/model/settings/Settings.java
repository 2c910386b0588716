package org.latte4j.model.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The settings of a run: every module's {@code reference.conf}, then the user's files in order,
 * then single overrides; later ones win. A key that no {@code reference.conf} has is refused.
 *
 * <p>The module that owns a group of settings reads it once, at the start, into a record ({@code
 * TrainSettings.from(settings)}); each getter names its range, and a value outside it raises a
 * {@link SettingsException} with the key, file and line, the value and what is allowed.
 *
 * <p>A setting that may be absent has the empty string as its default and is read with {@link
 * #optionalText}. A section whose default is an empty object (such as {@code spark.properties})
 * takes any keys and is read with {@link #map}.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class Settings {
  private final Config defaults;
  private final Config config;

  private Settings(Config defaults, Config config) {
    this.defaults = defaults;
    this.config = config;
  }

  /** The defaults alone. */
  public static Settings defaults() {
    return load(List.of(), Map.of());
  }

  /**
   * Merges the defaults with what the user gave.
   *
   * @param files HOCON files, later ones win; they may include others and refer to environment
   *     variables as {@code ${?NAME}}
   * @param overrides full key to value, winning over every file; a list is written {@code a,b}
   * @throws SettingsException when a file is missing or malformed, or keys are unknown (all unknown
   *     keys are named at once)
   */
  public static Settings load(List<Path> files, Map<String, String> overrides) {
    return load(SettingsLoader.reference(), files, overrides);
  }

  static Settings load(Config defaults, List<Path> files, Map<String, String> overrides) {
    return new Settings(defaults, new SettingsLoader(defaults).load(files, overrides));
  }

  /** Whether a file or an override gave this setting, be it with its default value. */
  public boolean given(String key) {
    return !value(key).origin().equals(defaults.getValue(key).origin());
  }

  /** An integer from {@code minimum} to {@code maximum}, both included. */
  public int integer(String key, int minimum, int maximum) {
    return (int) wholeNumber(key, minimum, maximum);
  }

  /** As {@link #integer}, for values such as seeds and counts of samples. */
  public long wholeNumber(String key, long minimum, long maximum) {
    String needed = "an integer" + range(minimum, maximum, Long.MIN_VALUE, Long.MAX_VALUE);
    long value;
    try {
      value = new BigDecimal(scalar(key, needed)).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      throw invalid(key, needed, e);
    }
    if (value < minimum || value > maximum) {
      throw invalid(key, needed);
    }
    return value;
  }

  /** A finite number from {@code minimum} to {@code maximum}, both included. */
  public double number(String key, double minimum, double maximum) {
    String needed = "a number" + range(minimum, maximum, -Double.MAX_VALUE, Double.MAX_VALUE);
    double value;
    try {
      value = new BigDecimal(scalar(key, needed)).doubleValue();
    } catch (NumberFormatException e) {
      throw invalid(key, needed, e);
    }
    if (!(value >= minimum && value <= maximum) || Double.isInfinite(value)) {
      throw invalid(key, needed);
    }
    return value;
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String key) {
    String value = scalar(key, "true or false");
    if (!value.equals("true") && !value.equals("false")) {
      throw invalid(key, "true or false");
    }
    return Boolean.parseBoolean(value);
  }

  /** A text that is not blank. */
  public String text(String key) {
    String value = scalar(key, "a text");
    if (value.isBlank()) {
      throw invalid(key, "a text that is not blank");
    }
    return value;
  }

  /** A text, or nothing when the setting is the empty string. */
  public Optional<String> optionalText(String key) {
    return Optional.of(scalar(key, "a text")).filter(value -> !value.isBlank());
  }

  /** One of an enum's constants, written in kebab case ({@code FRAME_FOLDER} is frame-folder). */
  public <E extends Enum<E>> E oneOf(String key, Class<E> type) {
    String value = scalar(key, "a text");
    E[] constants = type.getEnumConstants();
    for (E constant : constants) {
      if (kebabCase(constant).equals(value)) {
        return constant;
      }
    }
    throw invalid(
        key,
        Arrays.stream(constants)
            .map(Settings::kebabCase)
            .collect(Collectors.joining(", ", "one of ", "")));
  }

  /** A local path; a relative one is taken from the working directory. */
  public Path path(String key) {
    String value = text(key);
    try {
      return Path.of(value);
    } catch (InvalidPathException e) {
      throw invalid(key, "a path", e);
    }
  }

  /** The elements of a list of texts or numbers, as text; empty when there are none. */
  public List<String> list(String key) {
    if (!(value(key) instanceof ConfigList list)) {
      throw invalid(key, "a list such as [a, b]");
    }
    List<String> elements = new ArrayList<>();
    for (ConfigValue element : list) {
      if (element.valueType() != ConfigValueType.STRING
          && element.valueType() != ConfigValueType.NUMBER) {
        throw invalid(key, "a list of texts or numbers");
      }
      elements.add(element.unwrapped().toString());
    }
    return List.copyOf(elements);
  }

  /** A time with its unit, such as {@code 30s}, {@code 10m} or {@code 2h}; not negative. */
  public Duration duration(String key) {
    String needed = "a time with its unit, such as 30s, 10m or 2h";
    scalar(key, needed);
    try {
      Duration value = config.getDuration(key);
      if (!value.isNegative()) {
        return value;
      }
    } catch (ConfigException e) {
      throw invalid(key, needed, e);
    }
    throw invalid(key, needed);
  }

  /** A size in bytes, such as {@code 64MiB} or {@code 2g} (1024's powers when one letter). */
  public long bytes(String key, long minimum, long maximum) {
    String needed =
        "a size such as 64MiB or 2g"
            + range(minimum, maximum, Long.MIN_VALUE, Long.MAX_VALUE)
            + " bytes";
    scalar(key, needed);
    long value;
    try {
      value = config.getBytes(key);
    } catch (ConfigException e) {
      throw invalid(key, needed, e);
    }
    if (value < minimum || value > maximum) {
      throw invalid(key, needed);
    }
    return value;
  }

  /** A section of free keys, flattened: {@code {a {b = 1}}} gives {@code a.b}; sorted by key. */
  public Map<String, String> map(String key) {
    Map<String, String> values = new TreeMap<>();
    section(key).forEach((name, value) -> values.put(name, String.valueOf(value)));
    return values;
  }

  /**
   * Every setting below {@code prefix} as plain values (String, Boolean, Number, List), keys
   * relative to it and sorted. Tests pin a module's keys and defaults with it.
   */
  public Map<String, Object> section(String prefix) {
    Map<String, Object> values = new TreeMap<>();
    flatten(config.getObject(prefix), "", values);
    return values;
  }

  /**
   * The error for a value that is well-formed by itself but that its owner cannot take, for
   * instance because of another setting.
   *
   * @param needed what would be right, as in "a multiple of model.heads (6)"
   */
  public SettingsException invalid(String key, String needed) {
    return invalid(key, needed, null);
  }

  /** The values of secret settings, for whoever has to keep them out of texts. */
  public Set<String> secretValues() {
    Map<String, Object> all = new TreeMap<>();
    flatten(config.root(), "", all);
    return Secrets.valuesIn(all);
  }

  /** All settings as JSON, for a run's provenance; secrets are masked. */
  public String resolvedJson() {
    return masked(config.root(), "").render(ConfigRenderOptions.concise().setFormatted(true));
  }

  private SettingsException invalid(String key, String needed, Throwable cause) {
    ConfigValue value = value(key);
    String shown =
        Secrets.isSecret(key)
            ? Secrets.MASK
            : Secrets.mask(value.render(ConfigRenderOptions.concise()));
    String message =
        SettingsLoader.where(value) + ": " + key + " = " + shown + ": it must be " + needed;
    return new SettingsException(message, cause);
  }

  private String scalar(String key, String needed) {
    ConfigValue value = value(key);
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> value.unwrapped().toString();
      default -> throw invalid(key, needed);
    };
  }

  private ConfigValue value(String key) {
    if (!config.hasPath(key)) {
      throw new IllegalStateException("no reference.conf on the class path has the key " + key);
    }
    return config.getValue(key);
  }

  private static String range(Number minimum, Number maximum, Number lowest, Number highest) {
    boolean open = maximum.equals(highest) || maximum.equals((long) Integer.MAX_VALUE);
    if (minimum.equals(lowest)) {
      return open ? "" : " of at most " + maximum;
    }
    return open ? " of at least " + minimum : " from " + minimum + " to " + maximum;
  }

  private static String kebabCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static void flatten(ConfigObject object, String prefix, Map<String, Object> values) {
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      String key = prefix + entry.getKey();
      if (entry.getValue() instanceof ConfigObject inner) {
        flatten(inner, key + ".", values);
      } else {
        values.put(key, entry.getValue().unwrapped());
      }
    }
  }

  private static ConfigObject masked(ConfigObject object, String prefix) {
    ConfigObject result = object;
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      String key = prefix + entry.getKey();
      if (entry.getValue() instanceof ConfigObject inner) {
        result = result.withValue(entry.getKey(), masked(inner, key + "."));
      } else if (Secrets.isSecret(key)) {
        result = result.withValue(entry.getKey(), ConfigValueFactory.fromAnyRef(Secrets.MASK));
      } else if (entry.getValue().unwrapped() instanceof String text) {
        // JVM options and addresses may hold secrets of their own.
        result =
            result.withValue(entry.getKey(), ConfigValueFactory.fromAnyRef(Secrets.mask(text)));
      }
    }
    return result;
  }
}
