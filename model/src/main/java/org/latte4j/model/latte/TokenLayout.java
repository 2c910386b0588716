package org.latte4j.model.latte;

import java.util.List;
import org.latte4j.model.kernels.TokenSequences;

/**
 * Where tokens lie in the token matrix: the videos' rows in the order [B, F, places], then the
 * images' in the order [B, N, places]. So the videos are one piece, which temporal modules take
 * alone. Conditions lie likewise: B of the clips, then B N of the images.
 *
 * @param batch B
 * @param frames F, in frames of tokens
 * @param images N: images appended to each clip
 * @param places tokens of a frame
 */
record TokenLayout(int batch, int frames, int images, int places) {

  /** The layout inside the blocks, where a frame may also hold condition tokens. */
  static TokenLayout of(LatteConfiguration configuration, LattePlan plan) {
    return new TokenLayout(
        plan.batch(),
        configuration.tokenFrames(),
        plan.images(),
        configuration.tokens() + configuration.conditionTokens());
  }

  /** The same frames with another number of tokens each. */
  TokenLayout withPlaces(int count) {
    return new TokenLayout(batch, frames, images, count);
  }

  /** Frames and images of the batch. */
  int allFrames() {
    return batch * (frames + images);
  }

  /** R: rows of the token matrix. */
  int rows() {
    return allFrames() * places;
  }

  /** Conditions: one of each clip and one of each image. */
  int items() {
    return batch * (1 + images);
  }

  /** Videos and images. */
  TokenScope all() {
    if (images == 0) {
      return video();
    }
    RowGroup stills = new RowGroup(1, videoRows(), rows() - videoRows(), batch, batch * images);
    return new TokenScope(rows(), items(), List.of(video().groups().get(0), stills));
  }

  /** Videos alone. */
  TokenScope video() {
    return new TokenScope(videoRows(), batch, List.of(new RowGroup(0, 0, videoRows(), 0, batch)));
  }

  private int videoRows() {
    return batch * frames * places;
  }

  /** Attention inside each frame and each image. */
  TokenSequences spatial() {
    return TokenSequences.spatial(1, allFrames(), places);
  }

  /** Attention over the frames of a video at each place. */
  TokenSequences temporal() {
    return TokenSequences.temporal(batch, frames, places);
  }
}
