package org.latte4j.model.latte;

import java.io.Serializable;
import java.util.Objects;

/**
 * What the paper varies beside sizes (section 3).
 *
 * @param variant how blocks look at space and time
 * @param temporalStride s: latent frames that one token spans. 1 is uniform frame patch embedding;
 *     more is compression frame patch embedding, with a transposed convolution at the output
 * @param conditioning how timestep and class reach the blocks
 * @param temporalPosition how tokens know their place in time
 * @param text whether a text tells what to draw
 */
public record Architecture(
    Variant variant,
    int temporalStride,
    Conditioning conditioning,
    TemporalPosition temporalPosition,
    TextConditioning text)
    implements Serializable {

  /** What the reference implementation computes, and the paper finds best. */
  public static final Architecture REFERENCE =
      new Architecture(Variant.INTERLEAVED, 1, Conditioning.S_ADALN, TemporalPosition.ABSOLUTE);

  /** Refuses strides below one. */
  public Architecture {
    Objects.requireNonNull(variant);
    Objects.requireNonNull(conditioning);
    Objects.requireNonNull(temporalPosition);
    Objects.requireNonNull(text);
    if (temporalStride < 1) {
      throw new IllegalArgumentException(
          "the temporal stride must be at least 1, not " + temporalStride);
    }
  }

  /** Without text. */
  public Architecture(
      Variant variant,
      int temporalStride,
      Conditioning conditioning,
      TemporalPosition temporalPosition) {
    this(variant, temporalStride, conditioning, temporalPosition, TextConditioning.NONE);
  }

  /** The same but for the text. */
  public Architecture with(TextConditioning other) {
    return new Architecture(variant, temporalStride, conditioning, temporalPosition, other);
  }

  /** The same but for the variant. */
  public Architecture with(Variant other) {
    return new Architecture(other, temporalStride, conditioning, temporalPosition, text);
  }

  /** The same but for the temporal stride. */
  public Architecture withTemporalStride(int stride) {
    return new Architecture(variant, stride, conditioning, temporalPosition, text);
  }

  /** The same but for the conditioning. */
  public Architecture with(Conditioning other) {
    return new Architecture(variant, temporalStride, other, temporalPosition, text);
  }

  /** The same but for the temporal positions. */
  public Architecture with(TemporalPosition other) {
    return new Architecture(variant, temporalStride, conditioning, other, text);
  }
}
