package org.latte4j.model.random;

/**
 * The Philox4x32-10 block function: a keyed bijection of 128-bit counters whose outputs pass
 * BigCrush. Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011,
 * section 3.3.
 *
 * <p>Stateless and thread-safe.
 */
final class Philox {
  private static final int ROUNDS = 10;
  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_1 = 0xCD9E8D57L;
  private static final int KEY_STEP_0 = 0x9E3779B9;
  private static final int KEY_STEP_1 = 0xBB67AE85;
  private static final long LOW_WORD = 0xFFFF_FFFFL;

  private Philox() {}

  /**
   * Replaces a counter by its random block.
   *
   * @param block four words: in, the counter; out, the random words
   * @param key word 0 in the low half, word 1 in the high half
   */
  static void encrypt(int[] block, long key) {
    int x0 = block[0];
    int x1 = block[1];
    int x2 = block[2];
    int x3 = block[3];
    int k0 = (int) key;
    int k1 = (int) (key >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = MULTIPLIER_0 * (x0 & LOW_WORD);
      long product1 = MULTIPLIER_1 * (x2 & LOW_WORD);
      x0 = (int) (product1 >>> 32) ^ x1 ^ k0;
      x1 = (int) product1;
      x2 = (int) (product0 >>> 32) ^ x3 ^ k1;
      x3 = (int) product0;
      k0 += KEY_STEP_0;
      k1 += KEY_STEP_1;
    }
    block[0] = x0;
    block[1] = x1;
    block[2] = x2;
    block[3] = x3;
  }

  /**
   * The random blocks of consecutive counters. The same for all lanes, one round at a time: loops
   * that the compiler turns into vector instructions where the processor multiplies longs by lanes
   * (AVX-512).
   *
   * @param first lower half of the first counter
   * @param stream upper half of all counters
   * @param key as in {@link #encrypt}
   */
  static void encrypt(long first, long stream, long key, Lanes lanes, int count) {
    for (int i = 0; i < count; i++) {
      lanes.x0[i] = (first + i) & LOW_WORD;
      lanes.x1[i] = (first + i) >>> 32;
      lanes.x2[i] = stream & LOW_WORD;
      lanes.x3[i] = stream >>> 32;
    }
    int k0 = (int) key;
    int k1 = (int) (key >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      round(lanes.x0, lanes.x1, lanes.x2, lanes.x3, k0 & LOW_WORD, k1 & LOW_WORD, count);
      k0 += KEY_STEP_0;
      k1 += KEY_STEP_1;
    }
  }

  private static void round(
      long[] x0, long[] x1, long[] x2, long[] x3, long k0, long k1, int count) {
    for (int i = 0; i < count; i++) {
      long product0 = MULTIPLIER_0 * x0[i];
      long product1 = MULTIPLIER_1 * x2[i];
      x0[i] = (product1 >>> 32) ^ x1[i] ^ k0;
      x1[i] = product1 & LOW_WORD;
      x2[i] = (product0 >>> 32) ^ x3[i] ^ k1;
      x3[i] = product0 & LOW_WORD;
    }
  }

  /** The four words of many blocks, each in the lower half of a long. */
  static final class Lanes {
    final long[] x0;
    final long[] x1;
    final long[] x2;
    final long[] x3;

    Lanes(int most) {
      x0 = new long[most];
      x1 = new long[most];
      x2 = new long[most];
      x3 = new long[most];
    }
  }

  /** Two neighbouring words as one: {@code block[first]} is the low half. */
  static long pair(int[] block, int first) {
    return (block[first] & LOW_WORD) | ((long) block[first + 1] << 32);
  }
}
