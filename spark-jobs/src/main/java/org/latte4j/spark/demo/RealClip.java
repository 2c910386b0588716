package org.latte4j.spark.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.latte4j.data.clip.ClipWindow;
import org.latte4j.data.transform.FrameTransform;
import org.latte4j.data.video.RgbImage;
import org.latte4j.data.video.VideoDecoder;
import org.latte4j.data.video.VideoFrame;

/** The beginning of a class's first real video, cut and transformed as training sees it. */
final class RealClip {
  private RealClip() {}

  static List<RgbImage> of(Path classFolder, ClipWindow window, FrameTransform transform)
      throws IOException {
    Path first;
    try (Stream<Path> videos = Files.list(classFolder)) {
      first = videos.sorted().findFirst().orElseThrow();
    }
    List<RgbImage> frames = new ArrayList<>();
    try (VideoDecoder decoder = VideoDecoder.open(first)) {
      for (Optional<VideoFrame> frame = decoder.next();
          frame.isPresent() && frames.size() < window.span();
          frame = decoder.next()) {
        frames.add(transform.apply(frame.get().image()));
      }
    }
    List<RgbImage> clip = new ArrayList<>();
    for (int index : window.indices(0, frames.size())) {
      clip.add(frames.get(index));
    }
    return clip;
  }
}
