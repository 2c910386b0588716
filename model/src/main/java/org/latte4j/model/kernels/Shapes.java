package org.latte4j.model.kernels;

import java.util.Arrays;

/**
 * The size rules of the operations in {@link Kernels} and {@link ImageKernels}, one method each, so
 * that every implementation refuses the same mistakes with the same words.
 */
final class Shapes {
  private Shapes() {}

  private static void check(
      boolean fits, String operation, String rule, ShapedTensor<?>... tensors) {
    if (!fits) {
      throw new IllegalArgumentException(
          "%s: needs %s, not %s".formatted(operation, rule, String.join(", ", describe(tensors))));
    }
  }

  private static String[] describe(ShapedTensor<?>... tensors) {
    return Arrays.stream(tensors).map(ShapedTensor::toString).toArray(String[]::new);
  }

  private static boolean matrix(ShapedTensor<?> x, long rows, long columns) {
    return x.rank() == 2 && x.size(0) == rows && x.size(1) == columns;
  }

  static void sameLength(String operation, ShapedTensor<?> a, ShapedTensor<?> b) {
    check(a.length() == b.length(), operation, "two tensors of equal length", a, b);
  }

  static void hostLength(String operation, ShapedTensor<?> tensor, long hostLength) {
    if (tensor.length() != hostLength) {
      throw new IllegalArgumentException(
          "%s: the tensor %s has %d values, the host array %d"
              .formatted(operation, tensor, tensor.length(), hostLength));
    }
  }

  static void multiply(
      ShapedTensor<?> a, Operand opA, ShapedTensor<?> b, Operand opB, ShapedTensor<?> c) {
    boolean fits = a.rank() == 2 && b.rank() == 2 && c.rank() == 2;
    if (fits) {
      int m = a.size(opA == Operand.PLAIN ? 0 : 1);
      int k = a.size(opA == Operand.PLAIN ? 1 : 0);
      int n = b.size(opB == Operand.PLAIN ? 1 : 0);
      fits = b.size(opB == Operand.PLAIN ? 0 : 1) == k && matrix(c, m, n);
    }
    check(
        fits,
        "multiply with a " + opA + ", b " + opB,
        "op(a) [M, K], op(b) [K, N], c [M, N]",
        a,
        b,
        c);
  }

  static void rowsAndVector(String operation, ShapedTensor<?> x, ShapedTensor<?> vector) {
    check(x.rank() == 2 && vector.length() == x.size(1), operation, "x [R, N] and [N]", x, vector);
  }

  static void matrix(String operation, ShapedTensor<?> x) {
    check(x.rank() == 2, operation, "x [R, N]", x);
  }

  static void addTable(ShapedTensor<?> x, ShapedTensor<?> table, int repeat) {
    check(
        x.rank() == 2 && table.rank() == 2 && table.size(1) == x.size(1) && repeat >= 1,
        "addTable with repeat " + repeat,
        "x [R, D], table [T, D], repeat 1 or more",
        x,
        table);
  }

  static void lookup(String operation, ShapedTensor<?> table, int[] ids, ShapedTensor<?> rows) {
    check(
        table.rank() == 2 && rows.rank() == 2 && matrix(rows, ids.length, table.size(1)),
        operation + " of " + ids.length + " rows",
        "table [K, D], rows [ids, D]",
        table,
        rows);
    for (int id : ids) {
      if (id < 0 || id >= table.size(0)) {
        throw new IllegalArgumentException(
            "%s: id %d is outside the table's 0..%d".formatted(operation, id, table.size(0) - 1));
      }
    }
  }

  static void normModulate(
      ShapedTensor<?> x,
      ShapedTensor<?> modulation,
      int chunkA,
      int chunkB,
      ShapedTensor<?> statistics,
      ShapedTensor<?> out) {
    check(
        modulates(modulation, x, chunkA)
            && modulates(modulation, x, chunkB)
            && matrix(statistics, x.size(0), 2)
            && matrix(out, x.size(0), x.size(1)),
        "normModulate with chunks " + chunkA + " and " + chunkB,
        "x [R, D], modulation [B, n D] with B dividing R and chunks below n,"
            + " statistics [R, 2], out [R, D]",
        x,
        modulation,
        statistics,
        out);
  }

  static void gated(
      String operation,
      ShapedTensor<?> x,
      ShapedTensor<?> branch,
      ShapedTensor<?> bias,
      ShapedTensor<?> modulation,
      int gateChunk,
      ShapedTensor<?> out) {
    check(
        modulates(modulation, x, gateChunk)
            && matrix(branch, x.size(0), x.size(1))
            && bias.length() == x.size(1)
            && matrix(out, x.size(0), x.size(1)),
        operation + " with chunk " + gateChunk,
        "x [R, D], branch [R, D], bias [D], modulation [B, n D] with B dividing R and the chunk"
            + " below n, out [R, D]",
        x,
        branch,
        bias,
        modulation,
        out);
  }

  static void sameShape(String operation, ShapedTensor<?> a, ShapedTensor<?> b) {
    check(Arrays.equals(a.shape(), b.shape()), operation, "two tensors of the same shape", a, b);
  }

  private static boolean modulates(ShapedTensor<?> modulation, ShapedTensor<?> x, int chunk) {
    return x.rank() == 2
        && modulation.rank() == 2
        && x.size(0) % modulation.size(0) == 0
        && modulation.size(1) % x.size(1) == 0
        && chunk >= 0
        && chunk < modulation.size(1) / x.size(1);
  }

  static void attention(
      ShapedTensor<?> qkv,
      int heads,
      TokenSequences sequences,
      ShapedTensor<?> probabilities,
      ShapedTensor<?> out) {
    int length = sequences.length();
    boolean fits =
        qkv.rank() == 2
            && out.rank() == 2
            && heads >= 1
            && out.size(1) % heads == 0
            && matrix(qkv, out.size(0), 3L * out.size(1))
            && sequences.lastRow() < qkv.size(0)
            && probabilities.length() == (long) sequences.count() * heads * length * length;
    check(
        fits,
        "attention with " + heads + " heads over " + sequences,
        "qkv [R, 3 D], heads dividing D, every row of the sequences below R,"
            + " probabilities [sequences, heads, length, length], out [R, D]",
        qkv,
        probabilities,
        out);
  }

  static void rotate(ShapedTensor<?> qkv, int heads, ShapedTensor<?> table, int repeat) {
    check(
        qkv.rank() == 2
            && table.rank() == 2
            && heads >= 1
            && repeat >= 1
            && table.size(1) % 2 == 0
            && qkv.size(1) == 3L * heads * table.size(1),
        "rotate with " + heads + " heads and repeat " + repeat,
        "qkv [R, 3 D], table [T, D / heads] with D / heads even, repeat 1 or more",
        qkv,
        table);
  }

  static void copyRows(
      ShapedTensor<?> from, TokenSequences fromRows, ShapedTensor<?> to, TokenSequences toRows) {
    check(
        from.rank() == 2
            && to.rank() == 2
            && from.size(1) == to.size(1)
            && (long) fromRows.count() * fromRows.length()
                == (long) toRows.count() * toRows.length()
            && fromRows.lastRow() < from.size(0)
            && toRows.lastRow() < to.size(0),
        "copyRows of " + fromRows + " to " + toRows,
        "from [R, D] and to [S, D] with all rows of the sequences, equally many",
        from,
        to);
  }

  static void permute(ShapedTensor<?> x, int[] order, ShapedTensor<?> out) {
    boolean fits = x.rank() <= 8 && order.length == x.rank() && out.rank() == x.rank();
    boolean[] seen = new boolean[x.rank()];
    for (int i = 0; fits && i < order.length; i++) {
      fits = order[i] >= 0 && order[i] < x.rank() && !seen[order[i]];
      if (fits) {
        seen[order[i]] = true;
        fits = out.size(i) == x.size(order[i]);
      }
    }
    check(
        fits,
        "permute to the order " + Arrays.toString(order),
        "x of rank 8 at most and out with x's dimensions in that order",
        x,
        out);
  }

  static void convolution(
      ShapedTensor<?> x,
      ShapedTensor<?> weight,
      ShapedTensor<?> bias,
      int stride,
      int padBefore,
      int padAfter,
      ShapedTensor<?> out) {
    boolean fits =
        x.rank() == 4
            && weight.rank() == 4
            && out.rank() == 4
            && stride >= 1
            && padBefore >= 0
            && padAfter >= 0
            && weight.size(1) == x.size(1)
            && weight.size(2) == weight.size(3)
            && bias.length() == weight.size(0)
            && out.size(0) == x.size(0)
            && out.size(1) == weight.size(0);
    if (fits) {
      int spare = padBefore + padAfter - weight.size(2);
      fits =
          x.size(2) + spare >= 0
              && x.size(3) + spare >= 0
              && out.size(2) == (x.size(2) + spare) / stride + 1
              && out.size(3) == (x.size(3) + spare) / stride + 1;
    }
    check(
        fits,
        "convolution with stride %d and padding %d, %d".formatted(stride, padBefore, padAfter),
        "x [B, C, H, W], weight [O, C, k, k], bias [O], out [B, O, (H + padding - k) / stride + 1,"
            + " likewise W]",
        x,
        weight,
        bias,
        out);
  }

  static void groupNorm(
      ShapedTensor<?> x,
      int groups,
      ShapedTensor<?> gamma,
      ShapedTensor<?> beta,
      ShapedTensor<?> out) {
    check(
        x.rank() == 4
            && groups >= 1
            && x.size(1) % groups == 0
            && gamma.length() == x.size(1)
            && beta.length() == x.size(1)
            && Arrays.equals(x.shape(), out.shape()),
        "groupNorm with " + groups + " groups",
        "x [B, C, H, W], groups dividing C, gamma [C], beta [C], out as x",
        x,
        gamma,
        beta,
        out);
  }

  static void upsample(ShapedTensor<?> x, ShapedTensor<?> out) {
    check(
        x.rank() == 4
            && out.rank() == 4
            && out.size(0) == x.size(0)
            && out.size(1) == x.size(1)
            && out.size(2) == 2 * x.size(2)
            && out.size(3) == 2 * x.size(3),
        "upsampleNearest",
        "x [B, C, H, W], out [B, C, 2H, 2W]",
        x,
        out);
  }
}
