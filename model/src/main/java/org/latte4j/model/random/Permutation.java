package org.latte4j.model.random;

/**
 * A seeded permutation of [0, size) that is evaluated at any index in constant memory: the order of
 * an epoch, without a list of the examples.
 *
 * <p>A Feistel network over the smallest even number of bits that holds the size, with {@link
 * Philox} as its round function; results outside the range are encrypted again until they fall
 * inside ("cycle walking": Black and Rogaway, "Ciphers with arbitrary finite domains", 2002). That
 * takes fewer than four passes on average, except for sizes below 16, where a wider domain keeps
 * the permutations evenly spread.
 *
 * <p>Immutable and thread-safe.
 */
public final class Permutation {
  private static final long LARGEST_SIZE = 1L << 62;
  private static final int FEISTEL_ROUNDS = 8;
  private static final int SMALLEST_HALF_BITS = 3;

  private final long size;
  private final long key;
  private final int halfBits;
  private final int halfMask;

  private Permutation(long size, long key) {
    this.size = size;
    this.key = key;
    int bits = Long.SIZE - Long.numberOfLeadingZeros(size - 1);
    this.halfBits = Math.max(SMALLEST_HALF_BITS, (bits + 1) / 2);
    this.halfMask = (int) ((1L << halfBits) - 1);
  }

  /**
   * The permutation of these coordinates.
   *
   * @param size number of elements, 1 to 2^62
   * @param seed as in {@link RandomStream#of}
   * @param purpose as in {@link RandomStream#of}
   * @param coordinates as in {@link RandomStream#of}; for example the epoch
   */
  public static Permutation of(long size, long seed, Purpose purpose, long... coordinates) {
    if (size < 1 || size > LARGEST_SIZE) {
      throw new IllegalArgumentException("a permutation has 1 to 2^62 elements, not " + size);
    }
    return new Permutation(size, RandomStream.of(seed, purpose, coordinates).nextLong());
  }

  /** Number of elements. */
  public long size() {
    return size;
  }

  /**
   * The element at an index; every element stands at exactly one.
   *
   * @throws IndexOutOfBoundsException if {@code index} does not lie in [0, size)
   */
  public long at(long index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException("index " + index + " of " + size + " elements");
    }
    int[] block = new int[4];
    long value = index;
    do {
      value = encrypt(value, block);
    } while (value >= size);
    return value;
  }

  private long encrypt(long value, int[] block) {
    int left = (int) (value >>> halfBits);
    int right = (int) value & halfMask;
    for (int round = 0; round < FEISTEL_ROUNDS; round++) {
      block[0] = right;
      block[1] = round;
      block[2] = 0;
      block[3] = 0;
      Philox.encrypt(block, key);
      int mixed = left ^ (block[0] & halfMask);
      left = right;
      right = mixed;
    }
    return ((long) left << halfBits) | right;
  }
}
