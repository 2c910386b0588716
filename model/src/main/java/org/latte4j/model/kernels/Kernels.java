package org.latte4j.model.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Everything the network asks of the arithmetic underneath: the one seam between modules and
 * hardware.
 *
 * <p>Letters: R rows (tokens), D hidden size, B batch; rows of one batch item lie together, R/B of
 * them. A <em>modulation</em> tensor is [B, n D]: n vectors of D values for each batch item, chosen
 * by their place ("chunk") 0..n-1.
 *
 * <p>Conventions: outputs are overwritten unless a {@link Write} is asked for or the description
 * says "added"; gradients of parameters are always <em>added</em>, so that micro-batches sum up; an
 * output never shares storage with an input unless the description says "in place". The same inputs
 * give the same bits whatever the number of threads and however often the code was compiled:
 * reductions have a fixed order.
 *
 * <p>Sizes are checked; a mismatch throws {@link IllegalArgumentException} naming both shapes. An
 * instance serves one caller at a time and may use threads of its own; {@link #close()} ends them.
 */
public interface Kernels extends ImageKernels, AutoCloseable {

  /** A new owner for tensors. */
  Arena arena();

  /**
   * A tensor over an ND4J array's storage; writes go through.
   *
   * @param array contiguous and in 'c' order (vectors of any order are)
   */
  Tensor wrap(INDArray array);

  /** Copies host values into a tensor; {@code from} holds exactly {@code to.length()} values. */
  void upload(float[] from, Tensor to);

  /** Copies a tensor's values to the host; {@code to} holds exactly {@code from.length()}. */
  void download(Tensor from, float[] to);

  /** Sets every value to {@code value}. */
  void fill(Tensor x, double value);

  /** {@code to = from}, equal lengths. */
  void copy(Tensor from, Tensor to);

  /** {@code sum += x}, equal lengths. */
  void add(Tensor x, Tensor sum);

  /** {@code x *= factor}. */
  void scale(Tensor x, double factor);

  /** Sum of squares, in double precision. */
  double sumOfSquares(Tensor x);

  /**
   * {@code c = op(a) op(b)}, or {@code c += ...}. All three of rank 2.
   *
   * @param c [M, N], where op(a) is [M, K] and op(b) is [K, N]
   */
  void multiply(Tensor a, Operand opA, Tensor b, Operand opB, Write write, Tensor c);

  /** {@code x[r] += bias} for every row. x [R, N], bias [N]. */
  void addBias(Tensor x, Tensor bias);

  /** {@code sum += the sum of x's rows}. x [R, N], sum [N]. */
  void addColumnSums(Tensor x, Tensor sum);

  /**
   * Adds a table to the rows: {@code x[r] += table[(r / repeat) % T]}.
   *
   * @param x [R, D]
   * @param table [T, D]
   * @param repeat number of neighbouring rows that share a table row: 1 for the spatial positions,
   *     t for the temporal ones
   */
  void addTable(Tensor x, Tensor table, int repeat);

  /** {@code out[i] += table[ids[i]]}. table [K, D], out [ids.length, D]. */
  void addLookup(Tensor table, int[] ids, Tensor out);

  /** {@code dTable[ids[i]] += dOut[i]}, in the order of i. */
  void addLookupGradient(Tensor dOut, int[] ids, Tensor dTable);

  /** {@code out = x * sigmoid(x)}. */
  void silu(Tensor x, Tensor out);

  /** {@code dX = dOut * silu'(x)}. */
  void siluBackward(Tensor x, Tensor dOut, Tensor dX);

  /**
   * Layer norm without affine parameters (epsilon 1e-6), then modulation: {@code out = (x - mean) /
   * deviation * (1 + scale) + shift}. DiT, section 3.2 (adaLN).
   *
   * @param x [R, D]
   * @param modulation [B, n D]
   * @param statistics [R, 2]: receives mean and reciprocal deviation of each row
   * @param out [R, D]
   */
  void normModulate(
      Tensor x, Tensor modulation, int shiftChunk, int scaleChunk, Tensor statistics, Tensor out);

  /**
   * Backward of {@link #normModulate}: {@code dX} is added to, the shift's and scale's chunks of
   * {@code dModulation} are set.
   */
  void normModulateBackward(
      Tensor x,
      Tensor statistics,
      Tensor modulation,
      int shiftChunk,
      int scaleChunk,
      Tensor dOut,
      Tensor dX,
      Tensor dModulation);

  /**
   * The end of a branch: {@code branch += bias} in place, then {@code out = x + gate * branch}.
   *
   * @param x [R, D]
   * @param branch [R, D]; keeps the biased values for the backward pass
   * @param bias [D]
   * @param modulation [B, n D]
   * @param out [R, D]; may be {@code x} itself
   */
  void gatedAdd(Tensor x, Tensor branch, Tensor bias, Tensor modulation, int gateChunk, Tensor out);

  /**
   * Backward of {@link #gatedAdd} with respect to branch, gate and bias (x's gradient is dOut):
   * {@code dBranch} and the gate's chunk of {@code dModulation} are set, {@code dBias} is added to.
   */
  void gatedAddBackward(
      Tensor dOut,
      Tensor branch,
      Tensor modulation,
      int gateChunk,
      Tensor dBranch,
      Tensor dModulation,
      Tensor dBias);

  /**
   * {@code x += bias} in place, then {@code out = gelu(x)} in the tanh form: 0.5 x (1 + tanh(sqrt(2
   * / pi) (x + 0.044715 x^3))). x and out [R, N], bias [N].
   */
  void biasGelu(Tensor x, Tensor bias, Tensor out);

  /**
   * Backward of {@link #biasGelu}, in place: {@code gradient} holds dOut and receives dX; {@code
   * dBias} is added to.
   *
   * @param x the biased values that the forward pass left
   */
  void biasGeluBackward(Tensor x, Tensor gradient, Tensor dBias);

  /**
   * Multi-head self-attention inside each sequence: softmax(q k^T / sqrt(d)) v, d = D / heads.
   *
   * @param qkv [R, 3 D]: queries, keys, values, each heads x d; the bias is already in
   * @param heads number of heads, a divisor of D
   * @param probabilities [sequences, heads, length, length]: kept for the backward pass
   * @param out [R, D]; rows outside every sequence are left alone
   */
  void attention(Tensor qkv, int heads, TokenSequences sequences, Tensor probabilities, Tensor out);

  /** Backward of {@link #attention}: sets {@code dQkv} in the rows of the sequences. */
  void attentionBackward(
      Tensor qkv,
      int heads,
      TokenSequences sequences,
      Tensor probabilities,
      Tensor dOut,
      Tensor dQkv);

  /**
   * Rotary position embedding, in place: turns the queries and keys of each row by the row's
   * angles. In every head the values i and i + d/2 make a pair (a, b), which becomes (a cos - b
   * sin, b cos + a sin). RoFormer (arXiv 2104.09864), section 3.2.2.
   *
   * @param qkv [R, 3 D]; values are left alone
   * @param heads number of heads, a divisor of D; d = D / heads is even
   * @param table [T, d]: d/2 cosines, then d/2 sines
   * @param repeat row r turns by the table's row (r / repeat) % T
   */
  void rotate(Tensor qkv, int heads, Tensor table, int repeat, Rotation rotation);

  /**
   * Copies rows of one matrix to rows of another, in the order of the sequences.
   *
   * @param from [R, D]
   * @param to [S, D]; rows outside {@code toRows} are left alone
   */
  void copyRows(Tensor from, TokenSequences fromRows, Tensor to, TokenSequences toRows);

  /** Softmax of each row, in place, of {@code x * scale}. x [R, N]. */
  void softmax(Tensor x, double scale);

  /**
   * Reorders dimensions: {@code out} holds x's values with dimension {@code order[i]} of x as its
   * i-th. Ranks up to 8.
   */
  void permute(Tensor x, int[] order, Tensor out);

  /** Ends the threads of this instance. */
  @Override
  void close();
}
