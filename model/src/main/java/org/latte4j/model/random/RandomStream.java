package org.latte4j.model.random;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;
import java.util.Optional;

/**
 * A stream of random numbers that is a pure function of (seed, purpose, coordinates).
 *
 * <p>The three are hashed into 128 bits by chaining {@link Philox} over them; half of the bits
 * become the key, half the upper words of the counter, and the lower words count the blocks drawn.
 * So a stream costs about as much as the first numbers from it, and different (seed, purpose,
 * coordinates) give independent streams of 2^65 longs each. The coordinates say which thing the
 * numbers are for, for example (sample, step): as many as are needed; (1), (1, 0) and (0, 1) all
 * differ.
 *
 * <p>The same bits come out on every machine and Java version. Not thread-safe: make a stream where
 * it is used.
 */
public final class RandomStream {
  private static final double UNIT_53 = 0x1p-53;

  /** Normal values that are not worth the memory for drawing many at once. */
  private static final int FEW = 32;

  private final long key;
  private final long stream;
  private long nextBlock;
  private final int[] block = new int[4];
  private int wordsUsed = block.length;
  private final Fdlibm functions = new Fdlibm();
  private Optional<NormalPairs> pairs = Optional.empty();
  private double pendingNormal;
  private boolean normalPending;

  private RandomStream(long key, long stream) {
    this.key = key;
    this.stream = stream;
  }

  /**
   * The stream of these coordinates, at its beginning.
   *
   * @param seed the user's seed; every value is allowed
   * @param purpose what the numbers are for
   * @param coordinates which thing of that purpose; any number of any values
   */
  public static RandomStream of(long seed, Purpose purpose, long... coordinates) {
    Objects.requireNonNull(purpose, "purpose");
    // A CBC chain keyed by the seed; the length comes first so that no message is another's prefix.
    int[] chain = {purpose.code(), coordinates.length, 0, 0};
    Philox.encrypt(chain, seed);
    for (long coordinate : coordinates) {
      chain[0] ^= (int) coordinate;
      chain[1] ^= (int) (coordinate >>> 32);
      Philox.encrypt(chain, seed);
    }
    return new RandomStream(Philox.pair(chain, 0), Philox.pair(chain, 2));
  }

  /**
   * The stream of a thing that has a name and no number, at its beginning.
   *
   * @param seed the user's seed; every value is allowed
   * @param purpose what the numbers are for
   * @param name which thing of that purpose; the first 64 bits of its SHA-256 are the coordinate
   */
  public static RandomStream ofName(long seed, Purpose purpose, String name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return of(seed, purpose, ByteBuffer.wrap(digest).getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** 32 random bits. */
  public int nextInt() {
    if (wordsUsed == block.length) {
      refill();
    }
    return block[wordsUsed++];
  }

  /** 64 random bits. */
  public long nextLong() {
    long low = nextInt() & 0xFFFF_FFFFL;
    return low | ((long) nextInt() << 32);
  }

  /**
   * A whole number in [0, bound), each equally likely (Lemire, arXiv 1805.10941: no modulo bias).
   *
   * @throws IllegalArgumentException if {@code bound < 1}
   */
  public int below(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("a random number below " + bound + " does not exist");
    }
    long product = (nextInt() & 0xFFFF_FFFFL) * bound;
    long low = product & 0xFFFF_FFFFL;
    if (low < bound) {
      long threshold = (1L << 32) % bound;
      while (low < threshold) {
        product = (nextInt() & 0xFFFF_FFFFL) * bound;
        low = product & 0xFFFF_FFFFL;
      }
    }
    return (int) (product >>> 32);
  }

  /** A multiple of 2^-53 in [0, 1). */
  public double uniform() {
    return uniform(nextLong());
  }

  static double uniform(long bits) {
    return (bits >>> 11) * UNIT_53;
  }

  /** True with the given probability, in [0, 1]. */
  public boolean chance(double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("a probability lies in [0, 1], not at " + probability);
    }
    return uniform() < probability;
  }

  /**
   * A standard normal value, by Box and Muller's transform.
   *
   * <p>{@link Fdlibm}, that is {@link StrictMath}, because {@link Math}'s functions may differ in
   * the last bit between machines. (Its square root may not.)
   */
  public double normal() {
    if (normalPending) {
      normalPending = false;
      return pendingNormal;
    }
    // 1 - u lies in (0, 1]: the logarithm is finite.
    double radius = Math.sqrt(-2 * Fdlibm.log(1 - uniform()));
    functions.angle(2 * Math.PI * uniform());
    pendingNormal = radius * functions.sine();
    normalPending = true;
    return radius * functions.cosine();
  }

  /** Fills an array with standard normal values. */
  public void normals(float[] out) {
    normals(out, 0, out.length);
  }

  /**
   * Fills a part of an array with standard normal values. Several calls in a row give the same
   * values as one long call.
   */
  public void normals(float[] out, int from, int length) {
    Objects.checkFromIndexSize(from, length, out.length);
    int end = from + length;
    int at = from;
    while (at < end) {
      int many = pairsWithin(end - at);
      if (many == 0) {
        out[at++] = (float) normal();
      } else {
        double[] values = draw(many);
        for (int i = 0; i < 2 * many; i++) {
          out[at + i] = (float) values[i];
        }
        at += 2 * many;
      }
    }
  }

  /** As {@link #normals(float[], int, int)}, unrounded: the values of {@link #normal()}. */
  public void normals(double[] out, int from, int length) {
    Objects.checkFromIndexSize(from, length, out.length);
    int end = from + length;
    int at = from;
    while (at < end) {
      int many = pairsWithin(end - at);
      if (many == 0) {
        out[at++] = normal();
      } else {
        System.arraycopy(draw(many), 0, out, at, 2 * many);
        at += 2 * many;
      }
    }
  }

  /** How many pairs of normal values may be drawn at once; 0: the next value by itself. */
  private int pairsWithin(int length) {
    boolean betweenPairs = !normalPending && wordsUsed == block.length;
    return betweenPairs && length >= FEW ? Math.min(length / 2, NormalPairs.MOST) : 0;
  }

  private double[] draw(int many) {
    NormalPairs drawn = pairs.orElseGet(NormalPairs::new);
    pairs = Optional.of(drawn);
    double[] values = drawn.draw(key, stream, nextBlock, many);
    nextBlock += many;
    return values;
  }

  /** Fills an array with values in [0, 1): multiples of 2^-24, so that rounding never gives 1. */
  public void uniforms(float[] out) {
    uniforms(out, 0, out.length);
  }

  /** Fills a part of an array with values in [0, 1). */
  public void uniforms(float[] out, int from, int length) {
    Objects.checkFromIndexSize(from, length, out.length);
    for (int i = from; i < from + length; i++) {
      out[i] = (nextInt() >>> 8) * 0x1p-24f;
    }
  }

  private void refill() {
    block[0] = (int) nextBlock;
    block[1] = (int) (nextBlock >>> 32);
    block[2] = (int) stream;
    block[3] = (int) (stream >>> 32);
    Philox.encrypt(block, key);
    nextBlock++;
    wordsUsed = 0;
  }
}
