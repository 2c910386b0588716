package org.latte4j.model.autoencoder;

/**
 * Size of a batch of images or latents in a host array, row-major.
 *
 * @param batch B
 * @param channels C
 * @param height H
 * @param width W
 */
record ImageShape(int batch, int channels, int height, int width) {
  ImageShape {
    if (batch < 1 || channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "sizes must be positive, not [%d, %d, %d, %d]".formatted(batch, channels, height, width));
    }
  }

  /** Values of one image: C H W. */
  int imageLength() {
    return Math.multiplyExact(channels, Math.multiplyExact(height, width));
  }

  /**
   * Values of the batch.
   *
   * @throws IllegalArgumentException if they do not fit in one Java array
   */
  int length() {
    long length = (long) batch * imageLength();
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          this + " has " + length + " values, more than a Java array holds: use smaller batches");
    }
    return (int) length;
  }

  /** Refuses an array whose length does not match; {@code what} names it in the message. */
  ImageShape requireLength(float[] values, String what) {
    if (values.length != length()) {
      throw new IllegalArgumentException(
          "%s: %d values given, but %s needs %d".formatted(what, values.length, this, length()));
    }
    return this;
  }

  /** Refuses images whose sides are not multiples of {@code factor}. */
  ImageShape requireMultipleOf(int factor) {
    if (height % factor != 0 || width % factor != 0) {
      throw new IllegalArgumentException(
          "images of %d x %d (height x width) cannot be encoded: both sides must be multiples of %d;"
                  .formatted(height, width, factor)
              + " crop or resize them to %d x %d"
                  .formatted(
                      Math.max(factor, height / factor * factor),
                      Math.max(factor, width / factor * factor)));
    }
    return this;
  }

  @Override
  public String toString() {
    return "[" + batch + ", " + channels + ", " + height + ", " + width + "]";
  }
}
