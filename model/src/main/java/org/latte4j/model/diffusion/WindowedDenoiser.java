package org.latte4j.model.diffusion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Predicts for clips longer than the network was trained for: overlapping windows of the network's
 * length are predicted one by one, and a frame's prediction is the mean over the windows that hold
 * it. With that, a sampler denoises the whole clip at once, and windows agree where they overlap:
 * MultiDiffusion (Bar-Tal et al., arXiv 2302.08113), over time as in Gen-L-Video (Wang et al.,
 * arXiv 2305.18264).
 *
 * <p>What is averaged are predictions and not denoised latents, with one draw of noise a frame: the
 * same mean, but the noise that DDPM adds keeps its variance in the overlaps.
 *
 * <p>The network sees a bounded number of windows at a time, so its memory does not grow with the
 * clip. Not thread-safe.
 */
public final class WindowedDenoiser implements Denoiser {
  private final Denoiser denoiser;
  private final LatentShape window;
  private final int frames;
  private final int[] starts;
  private final int[] windowsOfFrame;
  private final int mostWindows;

  /**
   * Widens a denoiser to longer clips.
   *
   * @param denoiser of clips of the window's shape
   * @param window what the network was trained for, F frames
   * @param frames of the clip, at least F
   * @param overlap frames that neighbouring windows share, 1 to F - 1; the last two may share more
   * @param mostWindows that the network sees at once, at least 1
   */
  public WindowedDenoiser(
      Denoiser denoiser, LatentShape window, int frames, int overlap, int mostWindows) {
    if (mostWindows < 1) {
      throw new IllegalArgumentException("at least one window at once, not " + mostWindows);
    }
    this.denoiser = denoiser;
    this.window = window;
    this.frames = frames;
    this.starts = starts(frames, window.frames(), overlap);
    this.mostWindows = mostWindows;
    this.windowsOfFrame = new int[frames];
    for (int start : starts) {
      for (int frame = start; frame < start + window.frames(); frame++) {
        windowsOfFrame[frame]++;
      }
    }
  }

  /** First frame of each window; the last window ends with the clip. */
  static int[] starts(int frames, int window, int overlap) {
    if (frames < window) {
      throw new IllegalArgumentException(
          "a clip of %d frames is shorter than a window of %d".formatted(frames, window));
    }
    if (frames > window && (overlap < 1 || overlap >= window)) {
      throw new IllegalArgumentException(
          "windows of %d frames overlap by 1 to %d, not by %d"
              .formatted(window, window - 1, overlap));
    }
    List<Integer> starts = new ArrayList<>();
    for (int start = 0; start + window < frames; start += window - overlap) {
      starts.add(start);
    }
    starts.add(frames - window);
    return starts.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Windows of one clip: passes of the network that a step of one clip takes. */
  public int windows() {
    return starts.length;
  }

  @Override
  public void denoise(float[] x, int[] t, int[] y, float[] out) {
    int clipLength = frames * window.frameLength();
    if (x.length != t.length * clipLength || out.length != 2 * x.length) {
      throw new IllegalArgumentException(
          "%d clips of %d frames need %d latents and %d outputs, not %d and %d"
              .formatted(
                  t.length,
                  frames,
                  t.length * clipLength,
                  2 * t.length * clipLength,
                  x.length,
                  out.length));
    }
    Arrays.fill(out, 0);
    int all = t.length * starts.length;
    for (int first = 0; first < all; first += mostWindows) {
      denoise(first, Math.min(all, first + mostWindows), x, t, y, out);
    }
    int frameLength = 2 * window.frameLength();
    for (int i = 0; i < out.length; i++) {
      out[i] /= windowsOfFrame[i / frameLength % frames];
    }
  }

  /** Adds up the predictions of some windows, counted clip by clip. */
  private void denoise(int from, int to, float[] x, int[] t, int[] y, float[] out) {
    int length = window.length();
    float[] windowX = new float[(to - from) * length];
    float[] windowOut = new float[2 * windowX.length];
    int[] windowT = new int[to - from];
    int[] windowY = new int[y.length == 0 ? 0 : to - from];
    for (int i = from; i < to; i++) {
      System.arraycopy(x, offset(i), windowX, (i - from) * length, length);
      windowT[i - from] = t[i / starts.length];
      if (y.length > 0) {
        windowY[i - from] = y[i / starts.length];
      }
    }
    denoiser.denoise(windowX, windowT, windowY, windowOut);
    for (int i = from; i < to; i++) {
      int into = 2 * offset(i);
      int predicted = 2 * (i - from) * length;
      for (int k = 0; k < 2 * length; k++) {
        out[into + k] += windowOut[predicted + k];
      }
    }
  }

  /** Where a window begins in the clips' latents. */
  private int offset(int i) {
    return (i / starts.length * frames + starts[i % starts.length]) * window.frameLength();
  }
}
