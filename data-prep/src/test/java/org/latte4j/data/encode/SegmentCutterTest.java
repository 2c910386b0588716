package org.latte4j.data.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latte4j.data.shard.Segmentation;

class SegmentCutterTest {
  private record Cut(int start, int frames, List<Byte> values) {}

  @Test
  void aShortVideoIsOneSegment() throws IOException {
    assertThat(cut(new Segmentation(10, 4), 7)).containsExactly(segment(0, 7));
  }

  @Test
  void aVideoOfExactlyOneSegmentIsNotCut() throws IOException {
    assertThat(cut(new Segmentation(10, 4), 10)).containsExactly(segment(0, 10));
  }

  @Test
  void neighboursShareTheOverlap() throws IOException {
    assertThat(cut(new Segmentation(10, 4), 20))
        .containsExactly(segment(0, 10), segment(6, 10), segment(12, 8));
  }

  @ParameterizedTest
  @CsvSource({"10,4", "10,0", "10,9", "1,0", "3,2"})
  void everyWindowOfTheOverlapAndOneLiesInASegment(int frames, int overlap) throws IOException {
    Segmentation cuts = new Segmentation(frames, overlap);
    for (int length = 1; length < 40; length++) {
      List<Cut> segments = cut(cuts, length);
      int window = Math.min(cuts.longestWindow(), length);
      for (int first = 0; first + window <= length; first++) {
        int start = first;
        assertThat(segments)
            .anyMatch(s -> s.start() <= start && start + window <= s.start() + s.frames());
      }
      assertThat(segments).allMatch(s -> s.frames() <= frames);
      assertThat(segments).allMatch(s -> s.equals(segment(s.start(), s.frames())));
    }
  }

  /** Cuts frames of two bytes: the frame's index, twice. */
  private static List<Cut> cut(Segmentation cuts, int length) throws IOException {
    List<Cut> segments = new ArrayList<>();
    SegmentCutter cutter =
        new SegmentCutter(
            cuts,
            0,
            (start, frames, moments) -> {
              List<Byte> values = new ArrayList<>();
              for (byte value : moments) {
                values.add(value);
              }
              segments.add(new Cut(start, frames, values));
            });
    for (int i = 0; i < length; i++) {
      cutter.add(new byte[] {(byte) i, (byte) i});
    }
    cutter.finish();
    return segments;
  }

  private static Cut segment(int start, int frames) {
    List<Byte> values = new ArrayList<>();
    for (int i = start; i < start + frames; i++) {
      values.add((byte) i);
      values.add((byte) i);
    }
    return new Cut(start, frames, values);
  }
}
