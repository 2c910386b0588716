package org.latte4j.model.settings;

/**
 * A setting that is unknown, malformed or out of range. The message names the key, where it was
 * given and what is allowed; it is meant for the person who wrote the setting.
 */
public final class SettingsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public SettingsException(String message) {
    super(message);
  }

  public SettingsException(String message, Throwable cause) {
    super(message, cause);
  }
}
