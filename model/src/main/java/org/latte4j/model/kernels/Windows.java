package org.latte4j.model.kernels;

import java.util.Arrays;

/**
 * The windows under a convolution's output pixels, laid out as the columns of a matrix [C k k,
 * pixels] and added back from there (im2col and col2im).
 *
 * @param kernel k
 * @param stride pixels from one window to the next
 * @param padBefore rows above and columns left of the image
 * @param height of the image
 * @param rowLength the image's width
 * @param width of the output
 */
record Windows(int kernel, int stride, int padBefore, int height, int rowLength, int width) {
  /** The windows of a convolution from {@code x} to {@code out}. */
  static Windows of(HostTensor x, HostTensor out, int kernel, int stride, int padBefore) {
    return new Windows(kernel, stride, padBefore, x.size(2), x.size(3), out.size(3));
  }

  /** Whether the windows are the pixels themselves, in their order. */
  boolean arePixels(int outputHeight) {
    return kernel == 1 && stride == 1 && padBefore == 0 && outputHeight == height;
  }

  /**
   * Copies windows to columns.
   *
   * @param firstPlane first channel, counted over all images
   * @param planes number of channels
   * @param firstRow first row of output pixels
   * @param rows number of such rows
   * @param columns receives [planes k k, rows width]
   */
  void unfold(
      HostTensor x,
      long firstPlane,
      int planes,
      int firstRow,
      int rows,
      HostMemory columns,
      Scratch scratch) {
    int reach = reach();
    float[] row = scratch.array(0, reach);
    float[] taken = scratch.array(1, width);
    Arrays.fill(row, 0, reach, 0f);
    for (int channel = 0; channel < planes; channel++) {
      long plane = (firstPlane + channel) * height;
      for (int i = 0; i < kernel; i++) {
        for (int r = 0; r < rows; r++) {
          int y = (firstRow + r) * stride - padBefore + i;
          if (y >= 0 && y < height) {
            x.read((plane + y) * rowLength, row, padBefore, rowLength);
          } else {
            Arrays.fill(row, padBefore, padBefore + rowLength, 0f);
          }
          long column = ((long) (channel * kernel + i) * kernel * rows + r) * width;
          for (int j = 0; j < kernel; j++) {
            if (stride == 1) {
              columns.write(column, row, j, width);
            } else {
              for (int z = 0; z < width; z++) {
                taken[z] = row[z * stride + j];
              }
              columns.write(column, taken, 0, width);
            }
            column += (long) rows * width;
          }
        }
      }
    }
  }

  /** The opposite of {@link #unfold}: adds every column to the pixels that it covers. */
  void addFolded(
      HostMemory columns,
      int firstRow,
      int rows,
      HostTensor x,
      long firstPlane,
      int planes,
      Scratch scratch) {
    float[] row = scratch.array(0, reach());
    float[] taken = scratch.array(1, width);
    for (int channel = 0; channel < planes; channel++) {
      long plane = (firstPlane + channel) * height;
      for (int i = 0; i < kernel; i++) {
        for (int r = 0; r < rows; r++) {
          int y = (firstRow + r) * stride - padBefore + i;
          if (y < 0 || y >= height) {
            continue;
          }
          x.read((plane + y) * rowLength, row, padBefore, rowLength);
          long column = ((long) (channel * kernel + i) * kernel * rows + r) * width;
          for (int j = 0; j < kernel; j++) {
            columns.read(column, taken, 0, width);
            addSpread(taken, row, j);
            column += (long) rows * width;
          }
          x.write((plane + y) * rowLength, row, padBefore, rowLength);
        }
      }
    }
  }

  private void addSpread(float[] taken, float[] row, int from) {
    if (stride == 1) {
      for (int z = 0; z < width; z++) {
        row[from + z] += taken[z];
      }
    } else {
      for (int z = 0; z < width; z++) {
        row[from + z * stride] += taken[z];
      }
    }
  }

  /** Values of a padded row that windows touch, and all of the image's row. */
  private int reach() {
    return Math.max((width - 1) * stride + kernel, padBefore + rowLength);
  }
}
