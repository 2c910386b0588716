package org.latte4j.data.encode;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.latte4j.data.shard.Segmentation;

/**
 * Cuts a stream of encoded frames into overlapping segments, holding at most one segment.
 *
 * <p>Not thread-safe.
 */
final class SegmentCutter {
  /** Takes finished segments. */
  interface Sink {
    /**
     * A segment.
     *
     * @param start index of its first frame
     * @param moments of its frames, one after the other
     */
    void accept(int start, int frames, byte[] moments) throws IOException;
  }

  private final Segmentation cuts;
  private final Sink sink;
  private final Deque<byte[]> pending = new ArrayDeque<>();
  private final int first;
  private int start;

  /**
   * A cutter.
   *
   * @param first index of the first frame that it will be given; a segment begins there
   */
  SegmentCutter(Segmentation cuts, int first, Sink sink) {
    this.cuts = cuts;
    this.first = first;
    this.sink = sink;
    start = first;
  }

  /** The next frame's moments; all frames have the same length. */
  void add(byte[] frame) throws IOException {
    pending.add(frame);
    if (pending.size() == cuts.frames()) {
      emit();
      for (int i = 0; i < cuts.stride(); i++) {
        pending.remove();
      }
      start += cuts.stride();
    }
  }

  /** The end of the video: what no segment holds yet becomes the last. */
  void finish() throws IOException {
    int held = start == first ? 0 : cuts.overlap();
    if (pending.size() > held) {
      emit();
    }
    pending.clear();
  }

  private void emit() throws IOException {
    int frameBytes = pending.getFirst().length;
    byte[] moments = new byte[Math.multiplyExact(frameBytes, pending.size())];
    int offset = 0;
    for (byte[] frame : pending) {
      System.arraycopy(frame, 0, moments, offset, frameBytes);
      offset += frameBytes;
    }
    sink.accept(start, pending.size(), moments);
  }
}
