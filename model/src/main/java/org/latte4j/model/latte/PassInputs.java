package org.latte4j.model.latte;

import java.util.Arrays;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/**
 * Checks the inputs of a pass and lines up its conditions: those of the B clips, then those of the
 * B N images, which share their clip's timestep.
 */
final class PassInputs {
  private final LatteConfiguration configuration;
  private final LattePlan plan;
  private final int[] timesteps;
  private final int[] labels;
  private final Kernels kernels;
  private final Tensor text;

  PassInputs(Kernels kernels, Arena arena, LatteConfiguration configuration, LattePlan plan) {
    this.kernels = kernels;
    int textLength = configuration.architecture().text().length();
    // A tensor of one value stands for none: there are none of no values.
    this.text = arena.allocate(textLength == 0 ? 1 : plan.batch(), Math.max(1, textLength));
    this.configuration = configuration;
    this.plan = plan;
    int items = plan.batch() * (1 + plan.images());
    this.timesteps = new int[items];
    this.labels = new int[configuration.conditional() ? items : 0];
  }

  /** Timestep of each condition. */
  int[] timesteps() {
    return timesteps;
  }

  /** Label of each condition; empty for a model without classes. */
  int[] labels() {
    return labels;
  }

  /** Text of each clip [B, 77 768]. */
  Tensor text() {
    return text;
  }

  void setText(Tensor values) {
    if (configuration.architecture().text() == TextConditioning.NONE
        || values.length() != text.length()) {
      throw new IllegalArgumentException(
          "the network takes %d values of text for %d clips, but %d are given"
              .formatted(
                  plan.batch() * configuration.architecture().text().length(),
                  plan.batch(),
                  values.length()));
    }
    kernels.copy(values.reshape(text.shape()), text);
  }

  void set(Tensor x, int[] t, int[] y, int[] imageY) {
    check(x, t, y, imageY);
    int batch = plan.batch();
    System.arraycopy(t, 0, timesteps, 0, batch);
    for (int i = batch; i < timesteps.length; i++) {
      timesteps[i] = t[(i - batch) / plan.images()];
    }
    if (configuration.conditional()) {
      System.arraycopy(y, 0, labels, 0, batch);
      System.arraycopy(imageY, 0, labels, batch, imageY.length);
    }
  }

  private void check(Tensor x, int[] t, int[] y, int[] imageY) {
    int frames = configuration.latent().frames() + plan.images();
    long length = (long) plan.batch() * frames * configuration.latent().frameLength();
    if (x.length() != length) {
      throw new IllegalArgumentException(
          "the network is planned for %d clips of %s%s: %d values, but x holds %d"
              .formatted(
                  plan.batch(),
                  configuration.latent(),
                  plan.images() == 0 ? "" : " with %d images each".formatted(plan.images()),
                  length,
                  x.length()));
    }
    if (t.length != plan.batch()) {
      throw new IllegalArgumentException(
          "%d timesteps for a batch of %d clips".formatted(t.length, plan.batch()));
    }
    checkLabels("clips", y, plan.batch());
    checkLabels("images", imageY, plan.batch() * plan.images());
  }

  private void checkLabels(String what, int[] y, int expected) {
    if (y.length != (configuration.conditional() ? expected : 0)) {
      throw new IllegalArgumentException(
          configuration.conditional()
              ? "%d classes for a batch of %d %s".formatted(y.length, expected, what)
              : "the model has no classes, but %d were given for %s".formatted(y.length, what));
    }
    for (int label : y) {
      if (label < 0 || label > configuration.classes()) {
        throw new IllegalArgumentException(
            "class %d in %s is outside 0..%d (%d is the null label)"
                .formatted(
                    label, Arrays.toString(y), configuration.classes(), configuration.nullLabel()));
      }
    }
  }
}
