package org.latte4j.model.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Merges defaults, files and overrides, and refuses keys that the defaults do not know.
 *
 * <p>In sections that take any keys, names are foreign: one may begin another ({@code speculation},
 * {@code speculation.interval}), which a tree cannot hold. There the result has each key in one
 * piece, whether it was given nested, dotted or quoted.
 */
final class SettingsLoader {
  private static final String OVERRIDE = "--set";

  private final Config defaults;
  private final Set<String> known = new TreeSet<>();
  private final Map<String, Map<String, ConfigValue>> open = new TreeMap<>();
  private final Set<String> problems = new LinkedHashSet<>();

  SettingsLoader(Config defaults) {
    this.defaults = defaults;
    collectKeys(defaults.root(), new ArrayList<>());
  }

  /** The {@code reference.conf} of every module on the class path. */
  static Config reference() {
    ClassLoader loader = SettingsLoader.class.getClassLoader();
    return ConfigFactory.parseResources(loader, "reference.conf").resolve();
  }

  Config load(List<Path> files, Map<String, String> overrides) {
    Config merged = defaults;
    for (Path file : files) {
      merged = notingOpenSections(merge(file, merged), merged);
    }
    for (Map.Entry<String, String> override : overrides.entrySet()) {
      Config given = override(override.getKey(), override.getValue()).withFallback(merged);
      merged = notingOpenSections(given, merged);
    }
    check(merged.root(), defaults.root(), new ArrayList<>());
    if (!problems.isEmpty()) {
      throw new SettingsException(String.join(System.lineSeparator(), problems));
    }
    return withOpenSectionsInOnePiece(merged);
  }

  /** Notes what is new in open sections, before later layers can hide it. */
  private Config notingOpenSections(Config merged, Config before) {
    open.forEach(
        (section, noted) -> {
          Map<List<String>, ConfigValue> earlier = leaves(before, section);
          leaves(merged, section)
              .forEach(
                  (path, value) -> {
                    ConfigValue same = earlier.get(path);
                    if (!value.equals(same) || !value.origin().equals(same.origin())) {
                      noted.put(String.join(".", path), value);
                    }
                  });
        });
    return merged;
  }

  private Config withOpenSectionsInOnePiece(Config merged) {
    Config result = merged;
    for (Map.Entry<String, Map<String, ConfigValue>> section : open.entrySet()) {
      ConfigObject keys = ConfigFactory.empty().root();
      for (Map.Entry<String, ConfigValue> entry : section.getValue().entrySet()) {
        keys = keys.withValue(entry.getKey(), entry.getValue());
      }
      result = result.withValue(section.getKey(), keys);
    }
    return result;
  }

  private static Map<List<String>, ConfigValue> leaves(Config config, String section) {
    Map<List<String>, ConfigValue> leaves = new LinkedHashMap<>();
    // check() says it if it is something else.
    if (config.hasPath(section) && config.getValue(section) instanceof ConfigObject object) {
      collectLeaves(object, List.of(), leaves);
    }
    return leaves;
  }

  private static void collectLeaves(
      ConfigObject object, List<String> path, Map<List<String>, ConfigValue> leaves) {
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      List<String> inner = with(path, entry.getKey());
      if (entry.getValue() instanceof ConfigObject section) {
        collectLeaves(section, inner, leaves);
      } else {
        leaves.put(inner, entry.getValue());
      }
    }
  }

  private Config merge(Path file, Config lower) {
    if (!Files.isRegularFile(file)) {
      throw new SettingsException(file + ": no such settings file");
    }
    try {
      ConfigParseOptions options =
          ConfigParseOptions.defaults().setAllowMissing(false).setSyntax(ConfigSyntax.CONF);
      return ConfigFactory.parseFile(file.toFile(), options).withFallback(lower).resolve();
    } catch (ConfigException e) {
      throw new SettingsException(file + ": not readable as HOCON: " + explanation(file, e), e);
    }
  }

  /** The parser's message, which quotes the file, unless the line that it quotes holds a secret. */
  private static String explanation(Path file, ConfigException e) {
    int number = e.origin() == null ? 0 : e.origin().lineNumber();
    try (Stream<String> lines = Files.lines(file)) {
      boolean secret = number > 0 && lines.skip(number - 1L).limit(1).anyMatch(Secrets::isSecret);
      return secret
          ? "line %d, not shown because it may hold a secret".formatted(number)
          : e.getMessage();
    } catch (IOException | UncheckedIOException unreadable) {
      return e.getMessage();
    }
  }

  private Config override(String key, String text) {
    try {
      boolean list =
          defaults.hasPath(key) && defaults.getValue(key).valueType() == ConfigValueType.LIST;
      Object value = list ? elements(text) : text;
      return ConfigFactory.empty().withValue(key, ConfigValueFactory.fromAnyRef(value, OVERRIDE));
    } catch (ConfigException.BadPath e) {
      throw new SettingsException(
          OVERRIDE + ": \"" + key + "\" is not a key such as train.rounds", e);
    }
  }

  /** A list given in one argument: {@code a,b} or {@code [a, b]}. */
  private static List<String> elements(String text) {
    String inner = text.strip();
    if (inner.startsWith("[") && inner.endsWith("]")) {
      inner = inner.substring(1, inner.length() - 1);
    }
    List<String> elements = new ArrayList<>();
    for (String element : inner.split(",", -1)) {
      if (!element.isBlank()) {
        elements.add(element.strip());
      }
    }
    return elements;
  }

  private void collectKeys(ConfigObject object, List<String> path) {
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      List<String> inner = with(path, entry.getKey());
      if (entry.getValue() instanceof ConfigObject section) {
        if (section.isEmpty()) {
          open.put(ConfigUtil.joinPath(inner), new TreeMap<>());
        }
        collectKeys(section, inner);
      } else {
        known.add(ConfigUtil.joinPath(inner));
      }
    }
  }

  private void check(ConfigObject given, ConfigObject reference, List<String> path) {
    if (reference.isEmpty()) {
      return; // An empty object in the defaults takes any keys.
    }
    for (Map.Entry<String, ConfigValue> entry : given.entrySet()) {
      List<String> inner = with(path, entry.getKey());
      ConfigValue value = entry.getValue();
      ConfigValue expected = reference.get(entry.getKey());
      String key = ConfigUtil.joinPath(inner);
      if (expected == null) {
        addUnknown(value, inner);
      } else if (value.valueType() == ConfigValueType.NULL) {
        problems.add(where(value) + ": " + key + " is null: leave it out to keep its default");
      } else if (expected instanceof ConfigObject section) {
        if (value instanceof ConfigObject object) {
          check(object, section, inner);
        } else {
          problems.add(where(value) + ": " + key + " is a section of settings, not a value");
        }
      } else if (value instanceof ConfigObject) {
        problems.add(where(value) + ": " + key + " is a value, not a section of settings");
      }
    }
  }

  private void addUnknown(ConfigValue value, List<String> path) {
    if (value instanceof ConfigObject section && !section.isEmpty()) {
      section.forEach((name, inner) -> addUnknown(inner, with(path, name)));
      return;
    }
    String key = ConfigUtil.joinPath(path);
    String hint = NearestKey.of(key, known).map(near -> " (did you mean " + near + "?)").orElse("");
    problems.add(where(value) + ": unknown setting " + key + hint);
  }

  private static List<String> with(List<String> path, String name) {
    List<String> longer = new ArrayList<>(path);
    longer.add(name);
    return longer;
  }

  /** The place a value was given at: {@code FILE:LINE}, or {@code --set}. */
  static String where(ConfigValue value) {
    String file = value.origin().filename();
    if (file != null) {
      return file + ":" + value.origin().lineNumber();
    }
    return value.origin().description();
  }
}
