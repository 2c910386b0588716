package org.latte4j.model.latte;

import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/**
 * Between the order of clips, in which each clip's images follow its frames [B, F + N, ...], and
 * the order of tokens, in which all videos come first [B, F, ...] [B, N, ...]. Without images both
 * are the same, and nothing is copied.
 */
final class FrameOrder {
  private final Kernels kernels;
  private final int batch;
  private final int frames;
  private final int images;
  private final int frameLength;

  /** The frames in the order of tokens; one value where the orders are the same. */
  private final Tensor ordered;

  /**
   * Plans the copy.
   *
   * @param channels of a frame: C at the input, 2C at the output
   */
  FrameOrder(
      Kernels kernels,
      Arena arena,
      LatteConfiguration configuration,
      LattePlan plan,
      int channels) {
    this.kernels = kernels;
    this.batch = plan.batch();
    this.frames = configuration.latent().frames();
    this.images = plan.images();
    this.frameLength = channels * configuration.latent().height() * configuration.latent().width();
    this.ordered = arena.allocate(images == 0 ? 1 : batch * (frames + images) * frameLength);
  }

  /** Clips in the order of tokens: a copy, or the clips themselves. */
  Tensor videosFirst(Tensor clips) {
    if (images == 0) {
      return clips;
    }
    for (int clip = 0; clip < batch; clip++) {
      kernels.copy(video(clips, clip), orderedVideo(clip));
      kernels.copy(stills(clips, clip), orderedStills(clip));
    }
    return ordered;
  }

  /** Where to write frames in the order of tokens that {@link #byClip} shall bring into clips. */
  Tensor target(Tensor clips) {
    return images == 0 ? clips : ordered;
  }

  /** Completes clips whose frames were written to their {@link #target}. */
  void byClip(Tensor clips) {
    for (int clip = 0; images > 0 && clip < batch; clip++) {
      kernels.copy(orderedVideo(clip), video(clips, clip));
      kernels.copy(orderedStills(clip), stills(clips, clip));
    }
  }

  private Tensor video(Tensor clips, int clip) {
    return clips.slice((long) clip * (frames + images) * frameLength, frames * frameLength);
  }

  private Tensor stills(Tensor clips, int clip) {
    long start = ((long) clip * (frames + images) + frames) * frameLength;
    return clips.slice(start, images * frameLength);
  }

  private Tensor orderedVideo(int clip) {
    return ordered.slice((long) clip * frames * frameLength, frames * frameLength);
  }

  private Tensor orderedStills(int clip) {
    long start = ((long) batch * frames + (long) clip * images) * frameLength;
    return ordered.slice(start, images * frameLength);
  }
}
