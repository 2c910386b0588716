package org.latte4j.data.video;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Videos of the tests, and how they are read whole. */
public final class TestVideos {
  /** The excerpts that ship for the demo: H.264 with the index in front. */
  public static final Path EXCERPTS = Path.of("..", "conf", "demo", "excerpts");

  private TestVideos() {}

  /** A file of src/test/resources/video. */
  public static Path resource(String name) throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(TestVideos.class.getResource("/video/" + name), name).toURI());
  }

  /** All frames. */
  public static List<VideoFrame> frames(Path file) throws VideoDecodeException {
    try (VideoDecoder decoder = VideoDecoder.open(file)) {
      List<VideoFrame> frames = new ArrayList<>();
      for (Optional<VideoFrame> f = decoder.next(); f.isPresent(); f = decoder.next()) {
        frames.add(f.get());
      }
      return frames;
    }
  }

  /** All pictures. */
  public static List<RgbImage> images(Path file) throws VideoDecodeException {
    return frames(file).stream().map(VideoFrame::image).toList();
  }

  /** Peak signal-to-noise ratio over all frames in dB. */
  public static double psnr(List<RgbImage> expected, List<RgbImage> actual) {
    double squares = 0;
    long count = 0;
    for (int i = 0; i < expected.size(); i++) {
      byte[] a = expected.get(i).pixels();
      byte[] b = actual.get(i).pixels();
      for (int j = 0; j < a.length; j++) {
        double difference = (a[j] & 255) - (b[j] & 255);
        squares += difference * difference;
      }
      count += a.length;
    }
    return 10 * Math.log10(255.0 * 255.0 * count / Math.max(squares, 1e-9));
  }
}
