package org.latte4j.data.text;

import java.io.Serializable;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.model.weights.ElementType;

/**
 * The settings below {@code encode-text}, checked.
 *
 * @param maxTokens of a text, with those that begin and end it
 * @param tooLong what becomes of texts with more
 * @param padding how many positions an embedding has
 * @param padToken what fills the positions behind a text
 * @param mask whether the encoder hears which positions are the text's
 * @param output of the encoder: the states of its last layer
 * @param precision of the stored values
 * @param batchSize texts that go through the encoder at once
 * @param textsPerFile of a written file, which is one task's work
 * @param threads of one task's encoder
 */
public record TextEncoderSettings(
    int maxTokens,
    TooLong tooLong,
    Padding padding,
    String padToken,
    Mask mask,
    String output,
    Precision precision,
    int batchSize,
    int textsPerFile,
    int threads)
    implements Serializable {

  /** What becomes of texts with too many tokens. */
  public enum TooLong {
    /** Their last tokens are left out, but for the one that ends them. */
    CUT,
    /** The job fails and names the first. */
    REFUSE
  }

  /** How many positions an embedding has. */
  public enum Padding {
    /** As many as the longest text may have. */
    MAX_TOKENS,
    /** As many as the text has tokens. */
    NONE
  }

  /** Whether the encoder hears which positions are the text's. */
  public enum Mask {
    /** It does. */
    TOKENS,
    /** All positions count. */
    NONE
  }

  /** How values are stored. */
  public enum Precision {
    /** IEEE 754 binary16. */
    FP16(ElementType.F16),
    /** IEEE 754 binary32. */
    FP32(ElementType.F32);

    private final ElementType type;

    Precision(ElementType type) {
      this.type = type;
    }

    /** In safetensors files. */
    public ElementType type() {
      return type;
    }
  }

  /**
   * Reads and checks the settings.
   *
   * @throws SettingsException if a value is out of range
   */
  public static TextEncoderSettings from(Settings settings) {
    return new TextEncoderSettings(
        settings.integer("encode-text.max-tokens", 1, 1 << 16),
        settings.oneOf("encode-text.too-long", TooLong.class),
        settings.oneOf("encode-text.padding", Padding.class),
        settings.optionalText("encode-text.pad-token").orElse(""),
        settings.oneOf("encode-text.mask", Mask.class),
        settings.text("encode-text.encoder-output"),
        settings.oneOf("encode-text.precision", Precision.class),
        settings.integer("encode-text.batch-size", 1, 1 << 16),
        settings.integer("encode-text.texts-per-file", 1, 1 << 20),
        settings.integer("encode-text.threads", 1, 1024));
  }
}
