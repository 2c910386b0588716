package org.latte4j.data.video;

import java.util.Map;

/** The formats that {@link VideoWriter} writes. */
public enum VideoFormat {
  /** MP4 with H.264 (4:2:0, ITU-R BT.709, constant quantiser 16): even widths and heights only. */
  MP4(
      "mp4",
      "mp4",
      Map.of("movflags", "+faststart"),
      "libopenh264",
      // Equal bounds fix the quantiser; the bit rate only has to be out of its way.
      Map.of("rc_mode", "quality", "qmin", "16", "qmax", "16", "b", "100000000"),
      "yuv420p",
      "scale=out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd+bitexact"
          + ",format=yuv420p",
      2,
      240),

  /**
   * GIF that repeats for ever, with one palette of 256 colours chosen over all frames and error
   * diffusion. Holds all frames in memory until it is finished.
   */
  GIF(
      "gif",
      "gif",
      Map.of("loop", "0"),
      "gif",
      Map.of(),
      "pal8",
      "split[pictures][sample];[sample]palettegen[palette];[pictures][palette]paletteuse",
      1,
      // Browsers slow down what asks for more.
      50);

  private final String extension;
  private final String muxer;
  private final Map<String, String> muxerOptions;
  private final String encoder;
  private final Map<String, String> encoderOptions;
  private final String pixelFormat;
  private final String filters;
  private final int sizeMultiple;
  private final int maximumRate;

  VideoFormat(
      String extension,
      String muxer,
      Map<String, String> muxerOptions,
      String encoder,
      Map<String, String> encoderOptions,
      String pixelFormat,
      String filters,
      int sizeMultiple,
      int maximumRate) {
    this.extension = extension;
    this.muxer = muxer;
    this.muxerOptions = muxerOptions;
    this.encoder = encoder;
    this.encoderOptions = encoderOptions;
    this.pixelFormat = pixelFormat;
    this.filters = filters;
    this.sizeMultiple = sizeMultiple;
    this.maximumRate = maximumRate;
  }

  /** How files of this format end, without the dot. */
  public String extension() {
    return extension;
  }

  /** The highest frame rate, in frames a second. */
  public int maximumRate() {
    return maximumRate;
  }

  String muxer() {
    return muxer;
  }

  Map<String, String> muxerOptions() {
    return muxerOptions;
  }

  String encoder() {
    return encoder;
  }

  Map<String, String> encoderOptions() {
    return encoderOptions;
  }

  String pixelFormat() {
    return pixelFormat;
  }

  /** What turns RGB frames into what the encoder takes, in FFmpeg's filter language. */
  String filters() {
    return filters;
  }

  void check(int width, int height, int framesPerSecond) {
    if (width < 1 || height < 1 || width % sizeMultiple != 0 || height % sizeMultiple != 0) {
      throw new IllegalArgumentException(
          "%s frames must be multiples of %d pixels wide and high, not %dx%d"
              .formatted(name(), sizeMultiple, width, height));
    }
    if (framesPerSecond < 1 || framesPerSecond > maximumRate) {
      throw new IllegalArgumentException(
          "%s takes 1 to %d frames a second, not %d"
              .formatted(name(), maximumRate, framesPerSecond));
    }
  }
}
