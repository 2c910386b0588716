package org.latte4j.model.autoencoder;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** Images in [-1, 1], [3, H, W], for tests. */
final class Images {
  private Images() {}

  /** A real video frame, 64 x 64. */
  static float[] cockatoo() {
    try (InputStream in = Images.class.getResourceAsStream("cockatoo-64.png")) {
      BufferedImage image = ImageIO.read(in);
      int plane = image.getWidth() * image.getHeight();
      float[] values = new float[3 * plane];
      for (int i = 0; i < plane; i++) {
        int rgb = image.getRGB(i % image.getWidth(), i / image.getWidth());
        for (int colour = 0; colour < 3; colour++) {
          values[colour * plane + i] = (rgb >> (16 - 8 * colour) & 255) / 127.5f - 1;
        }
      }
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Smooth and different in every colour and direction. */
  static float[] gradient(int height, int width) {
    float[] values = new float[3 * height * width];
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int i = row * width + column;
        values[i] = 2f * row / height - 1;
        values[height * width + i] = 2f * column / width - 1;
        values[2 * height * width + i] = (float) Math.sin(0.2 * row + 0.1 * column);
      }
    }
    return values;
  }

  static float[] constant(int length, float value) {
    float[] values = new float[length];
    Arrays.fill(values, value);
    return values;
  }

  /** Means of the moments of one image. */
  static float[] means(float[] moments) {
    return Arrays.copyOf(moments, moments.length / 2);
  }

  /** Peak signal-to-noise ratio in decibels for the range [-1, 1]; {@code decoded} is clamped. */
  static double psnr(float[] image, float[] decoded) {
    double sum = 0;
    for (int i = 0; i < image.length; i++) {
      double difference = Math.max(-1, Math.min(1, decoded[i])) - image[i];
      sum += difference * difference;
    }
    return 10 * Math.log10(4 / (sum / image.length));
  }
}
