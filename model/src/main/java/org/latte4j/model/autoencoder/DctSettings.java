package org.latte4j.model.autoencoder;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@link DctAutoencoder} keeps of an image.
 *
 * @param blockSize b: side of a block in pixels, 1 to 16; also the downsampling factor
 * @param lumaCoefficients n: lowest coefficients kept of each luma block, 1 to b²
 * @param chromaCoefficients m: lowest coefficients kept of each of the two chroma blocks, 0 (grey
 *     images) to b²
 */
public record DctSettings(int blockSize, int lumaCoefficients, int chromaCoefficients) {
  /** 12 of 48 values: 4 x 4 blocks, 8 luma and 2 + 2 chroma coefficients. */
  public static final DctSettings DEFAULT = new DctSettings(4, 8, 2);

  private static final int LARGEST_BLOCK = 16;
  private static final Pattern NAME = Pattern.compile("dct(?:-(\\d{1,3})-(\\d{1,3})-(\\d{1,3}))?");

  /** Refuses settings outside the ranges above. */
  public DctSettings {
    requireRange("block size", blockSize, 1, LARGEST_BLOCK);
    requireRange("luma coefficients", lumaCoefficients, 1, blockSize * blockSize);
    requireRange("chroma coefficients", chromaCoefficients, 0, blockSize * blockSize);
  }

  /**
   * Reads a {@link #name()}; {@code dct} alone means {@link #DEFAULT}.
   *
   * @throws IllegalArgumentException if the text has another form or a number is out of range
   */
  public static DctSettings parse(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          ("\"%s\" does not name a cosine transform: expected \"dct\" or"
                  + " \"dct-BLOCK-LUMA-CHROMA\", for example \"%s\"")
              .formatted(name, DEFAULT.name()));
    }
    if (matcher.group(1) == null) {
      return DEFAULT;
    }
    return new DctSettings(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)));
  }

  /** The settings as text: {@code dct-BLOCK-LUMA-CHROMA}. */
  public String name() {
    return "dct-%d-%d-%d".formatted(blockSize, lumaCoefficients, chromaCoefficients);
  }

  /** C: luma coefficients and twice the chroma coefficients. */
  public int latentChannels() {
    return lumaCoefficients + 2 * chromaCoefficients;
  }

  private static void requireRange(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "cosine transform: %s must be %d to %d, not %d".formatted(what, least, most, value));
    }
  }
}
