package org.latte4j.model.latte;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.latte4j.model.diffusion.LatentShape;

/** The smallest networks that have everything, in all architectures, with random values. */
final class TinyLatte {
  static final int CLASSES = 3;
  static final int BATCH = 2;
  private static final LatentShape LATENT = new LatentShape(4, 2, 4, 4);

  private TinyLatte() {}

  /** A network of as few blocks as show the architecture: D = 8, two heads, 4 tokens a frame. */
  static LatteConfiguration of(Architecture architecture) {
    int depth = architecture.variant() == Variant.LATE_FUSION ? 4 : 2;
    return new LatteConfiguration(depth, 8, 2, 2, LATENT, CLASSES, architecture);
  }

  /** The same with four blocks, so that blocks of the same kind follow each other. */
  static LatteConfiguration deep(Architecture architecture) {
    return new LatteConfiguration(4, 8, 2, 2, LATENT, CLASSES, architecture);
  }

  /** The same without classes. */
  static LatteConfiguration withoutClasses(Architecture architecture) {
    LatteConfiguration c = of(architecture);
    return new LatteConfiguration(
        c.depth(), c.hiddenSize(), c.heads(), c.patchSize(), c.latent(), 0, architecture);
  }

  /** Every variant, embedding, conditioning and position with every other. */
  static List<Architecture> architectures() {
    List<Architecture> all = new ArrayList<>();
    for (Variant variant : Variant.values()) {
      for (int stride : new int[] {1, 2}) {
        for (Conditioning conditioning : Conditioning.values()) {
          for (TemporalPosition position : TemporalPosition.values()) {
            all.add(new Architecture(variant, stride, conditioning, position));
          }
        }
      }
    }
    return all;
  }

  /** Architectures that can be trained with images. */
  static List<Architecture> architecturesForImages() {
    return architectures().stream().filter(a -> a.temporalStride() == 1).toList();
  }

  /** Random parameters, large enough that every module counts. */
  static float[] parameters(LatteConfiguration configuration) {
    return normals(1, Math.toIntExact(new ParameterLayout(configuration).length()), 0.4);
  }

  /** Normally distributed values. */
  static float[] normals(long seed, int count, double deviation) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }

  /** Inputs of a pass over clips with images. */
  record Inputs(float[] x, int[] t, int[] y, int[] imageY, float[] dOut) {
    static Inputs of(LatteConfiguration configuration, int images) {
      LatentShape latent = configuration.latent();
      int length = BATCH * (latent.frames() + images) * latent.frameLength();
      int[] imageY = new int[BATCH * images];
      for (int i = 0; i < imageY.length; i++) {
        imageY[i] = (i + 2) % (CLASSES + 1);
      }
      return new Inputs(
          normals(2, length, 1),
          new int[] {999, 17},
          configuration.conditional() ? new int[] {1, CLASSES} : new int[0],
          configuration.conditional() ? imageY : new int[0],
          normals(3, 2 * length, 1));
    }
  }
}
