package org.latte4j.spark.inference;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.latte4j.model.weights.WeightSource;

/** The tensors of an input file, checked as they are asked for. */
final class InputTensors {
  private final WeightSource file;

  InputTensors(WeightSource file) {
    this.file = file;
  }

  boolean contains(String name) {
    return file.contains(name);
  }

  float[] floats(String name) throws IOException {
    return file.floats(name);
  }

  /**
   * The sizes of a tensor.
   *
   * @param letters what its dimensions are called, such as B, F, C, H, W
   */
  int[] shape(String name, List<String> letters) throws InputTensorException {
    if (!file.contains(name)) {
      throw new InputTensorException(
          "%s lacks the tensor %s %s; it holds %s"
              .formatted(file.description(), name, letters, file.names()));
    }
    int[] shape = file.shape(name);
    if (shape.length != letters.size() || Arrays.stream(shape).anyMatch(size -> size < 1)) {
      throw new InputTensorException(
          "%s: the tensor %s has shape %s, but must be %s"
              .formatted(file.description(), name, Arrays.toString(shape), letters));
    }
    return shape;
  }

  /** Whole numbers [clips], each from 0 to {@code largest}. */
  int[] indices(String name, int clips, int largest) throws IOException {
    int length = shape(name, List.of("B"))[0];
    if (length != clips) {
      throw new InputTensorException(
          "%s: the tensor %s has %d values, but x holds %d clips"
              .formatted(file.description(), name, length, clips));
    }
    return indices(name, largest);
  }

  /** Whole numbers [clips, images], each from 0 to {@code largest}, row by row. */
  int[] indices(String name, int clips, int images, int largest) throws IOException {
    int[] shape = shape(name, List.of("B", "N"));
    if (shape[0] != clips || shape[1] != images) {
      throw new InputTensorException(
          "%s: the tensor %s has shape %s, but x holds %d clips with %d images each"
              .formatted(file.description(), name, Arrays.toString(shape), clips, images));
    }
    return indices(name, largest);
  }

  private int[] indices(String name, int largest) throws IOException {
    long[] values = file.longs(name);
    int[] indices = new int[values.length];
    for (int i = 0; i < indices.length; i++) {
      if (values[i] < 0 || values[i] > largest) {
        throw new InputTensorException(
            "%s: %s[%d] is %d, but must be from 0 to %d"
                .formatted(file.description(), name, i, values[i], largest));
      }
      indices[i] = (int) values[i];
    }
    return indices;
  }
}
