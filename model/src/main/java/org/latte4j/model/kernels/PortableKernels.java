package org.latte4j.model.kernels;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The network's arithmetic in ND4J operations alone: runs on every ND4J backend, CUDA included, and
 * is the readable definition of each operation.
 *
 * <p>In {@link DataType#DOUBLE} it serves numerical gradient checks. Intermediate arrays live in
 * one ND4J workspace of this instance, so nothing is left to the garbage collector; an instance
 * must therefore be used and closed by one thread.
 *
 * <p>ND4J decides the order of sums: on the CPU equal inputs give equal bits for one setting of
 * OMP_NUM_THREADS; across settings only VectorKernels promises that.
 */
public final class PortableKernels implements Kernels {
  private static final WorkspaceConfiguration WORKSPACE =
      WorkspaceConfiguration.builder()
          .policyAllocation(AllocationPolicy.OVERALLOCATE)
          .overallocationLimit(0.0)
          .policyLearning(LearningPolicy.FIRST_LOOP)
          .policySpill(SpillPolicy.REALLOCATE)
          .build();

  /** Values widened to double at a time when summing, so that the copy stays small. */
  private static final int SUM_BLOCK = 1 << 20;

  private final DataType type;
  private final String workspace = "latte-portable-" + System.identityHashCode(this);
  private final PortableModulation modulation = new PortableModulation();
  private final PortableAttention attention = new PortableAttention();
  private final PortableTokens tokens = new PortableTokens();
  private final PortableImages images = new PortableImages();

  /**
   * For one data type.
   *
   * @param type {@link DataType#FLOAT}, or {@link DataType#DOUBLE} for gradient checks
   */
  public PortableKernels(DataType type) {
    if (type != DataType.FLOAT && type != DataType.DOUBLE) {
      throw new IllegalArgumentException("the data type must be FLOAT or DOUBLE, not " + type);
    }
    this.type = type;
  }

  /** The type of every tensor of these kernels. */
  public DataType type() {
    return type;
  }

  @Override
  public Arena arena() {
    return new PortableArena(type);
  }

  @Override
  public Tensor wrap(INDArray array) {
    return new ArrayTensor(array, WrappedArrays.shapeOf(array, type));
  }

  @Override
  public void upload(float[] from, Tensor to) {
    ArrayTensor target = own(to);
    Shapes.hostLength("upload", target, from.length);
    try (MemoryWorkspace scratch = scratch()) {
      target.array().assign(Nd4j.createFromArray(from).reshape(target.array().shape()));
    }
  }

  /** As {@link #upload(float[], Tensor)}, keeping double precision where the type has it. */
  public void upload(double[] from, Tensor to) {
    ArrayTensor target = own(to);
    Shapes.hostLength("upload", target, from.length);
    try (MemoryWorkspace scratch = scratch()) {
      target.array().assign(Nd4j.createFromArray(from).reshape(target.array().shape()));
    }
  }

  @Override
  public void download(Tensor from, float[] to) {
    Shapes.hostLength("download", own(from), to.length);
    try (MemoryWorkspace scratch = scratch()) {
      System.arraycopy(own(from).array().dup('c').data().asFloat(), 0, to, 0, to.length);
    }
  }

  /** As {@link #download(Tensor, float[])}, keeping double precision. */
  public void download(Tensor from, double[] to) {
    Shapes.hostLength("download", own(from), to.length);
    try (MemoryWorkspace scratch = scratch()) {
      System.arraycopy(own(from).array().dup('c').data().asDouble(), 0, to, 0, to.length);
    }
  }

  @Override
  public void fill(Tensor x, double value) {
    array(x).assign(value);
  }

  @Override
  public void copy(Tensor from, Tensor to) {
    Shapes.sameLength("copy", own(from), own(to));
    flat(to).assign(flat(from));
  }

  @Override
  public void add(Tensor x, Tensor sum) {
    Shapes.sameLength("add", own(x), own(sum));
    flat(sum).addi(flat(x));
  }

  @Override
  public void scale(Tensor x, double factor) {
    array(x).muli(factor);
  }

  @Override
  public double sumOfSquares(Tensor x) {
    ArrayTensor values = own(x);
    double sum = 0;
    for (long at = 0; at < values.length(); at += SUM_BLOCK) {
      int length = (int) Math.min(SUM_BLOCK, values.length() - at);
      try (MemoryWorkspace scratch = scratch()) {
        INDArray block = values.slice(at, length).array().castTo(DataType.DOUBLE);
        sum += block.mul(block).sumNumber().doubleValue();
      }
    }
    return sum;
  }

  @Override
  public void multiply(Tensor a, Operand opA, Tensor b, Operand opB, Write write, Tensor c) {
    Shapes.multiply(own(a), opA, own(b), opB, own(c));
    try (MemoryWorkspace scratch = scratch()) {
      INDArray product =
          write == Write.SET ? array(c) : Nd4j.createUninitialized(type, array(c).shape());
      multiply(array(a), opA, array(b), opB, product);
      if (write == Write.ADD) {
        array(c).addi(product);
      }
    }
  }

  /** The product of the last two dimensions, into an array that is there already. */
  static void multiply(INDArray a, Operand opA, INDArray b, Operand opB, INDArray product) {
    Nd4j.exec(
        DynamicCustomOp.builder("matmul")
            .addInputs(a, b)
            .addOutputs(product)
            .addIntegerArguments(
                opA == Operand.TRANSPOSED ? 1 : 0, opB == Operand.TRANSPOSED ? 1 : 0, 0)
            .build());
  }

  @Override
  public void addBias(Tensor x, Tensor bias) {
    Shapes.rowsAndVector("addBias", own(x), own(bias));
    array(x).addiRowVector(flat(bias));
  }

  @Override
  public void addColumnSums(Tensor x, Tensor sum) {
    Shapes.rowsAndVector("addColumnSums", own(x), own(sum));
    try (MemoryWorkspace scratch = scratch()) {
      flat(sum).addi(array(x).sum(0));
    }
  }

  @Override
  public void addTable(Tensor x, Tensor table, int repeat) {
    Shapes.addTable(own(x), own(table), repeat);
    try (MemoryWorkspace scratch = scratch()) {
      array(x).addi(PortableTokens.tableRows(array(table), x.size(0), repeat));
    }
  }

  @Override
  public void addLookup(Tensor table, int[] ids, Tensor out) {
    Shapes.lookup("addLookup", own(table), ids, own(out));
    for (int i = 0; i < ids.length; i++) {
      row(out, i).addi(row(table, ids[i]));
    }
  }

  @Override
  public void addLookupGradient(Tensor dOut, int[] ids, Tensor dTable) {
    Shapes.lookup("addLookupGradient", own(dTable), ids, own(dOut));
    for (int i = 0; i < ids.length; i++) {
      row(dTable, ids[i]).addi(row(dOut, i));
    }
  }

  @Override
  public void silu(Tensor x, Tensor out) {
    Shapes.sameLength("silu", own(x), own(out));
    try (MemoryWorkspace scratch = scratch()) {
      flat(out).assign(Transforms.sigmoid(flat(x), true).muli(flat(x)));
    }
  }

  @Override
  public void siluBackward(Tensor x, Tensor dOut, Tensor dX) {
    Shapes.sameLength("siluBackward", own(x), own(dOut));
    Shapes.sameLength("siluBackward", own(x), own(dX));
    try (MemoryWorkspace scratch = scratch()) {
      INDArray sigmoid = Transforms.sigmoid(flat(x), true);
      INDArray slope = sigmoid.rsub(1).muli(flat(x)).addi(1).muli(sigmoid);
      flat(dX).assign(slope.muli(flat(dOut)));
    }
  }

  @Override
  public void normModulate(
      Tensor x, Tensor modulations, int shiftChunk, int scaleChunk, Tensor statistics, Tensor out) {
    Shapes.normModulate(
        own(x), own(modulations), shiftChunk, scaleChunk, own(statistics), own(out));
    try (MemoryWorkspace scratch = scratch()) {
      modulation.norm(
          array(x), array(modulations), shiftChunk, scaleChunk, array(statistics), array(out));
    }
  }

  @Override
  public void normModulateBackward(
      Tensor x,
      Tensor statistics,
      Tensor modulations,
      int shiftChunk,
      int scaleChunk,
      Tensor dOut,
      Tensor dX,
      Tensor dModulations) {
    Shapes.normModulate(
        own(x), own(modulations), shiftChunk, scaleChunk, own(statistics), own(dOut));
    Shapes.sameShape("normModulateBackward", own(x), own(dX));
    Shapes.sameShape("normModulateBackward", own(modulations), own(dModulations));
    try (MemoryWorkspace scratch = scratch()) {
      modulation.normBackward(
          array(x),
          array(statistics),
          array(modulations),
          shiftChunk,
          scaleChunk,
          array(dOut),
          array(dX),
          array(dModulations));
    }
  }

  @Override
  public void gatedAdd(
      Tensor x, Tensor branch, Tensor bias, Tensor modulations, int gateChunk, Tensor out) {
    Shapes.gated("gatedAdd", own(x), own(branch), own(bias), own(modulations), gateChunk, own(out));
    try (MemoryWorkspace scratch = scratch()) {
      array(branch).addiRowVector(flat(bias));
      modulation.gate(array(x), array(branch), array(modulations), gateChunk, array(out));
    }
  }

  @Override
  public void gatedAddBackward(
      Tensor dOut,
      Tensor branch,
      Tensor modulations,
      int gateChunk,
      Tensor dBranch,
      Tensor dModulations,
      Tensor dBias) {
    Shapes.gated(
        "gatedAddBackward",
        own(dOut),
        own(branch),
        own(dBias),
        own(modulations),
        gateChunk,
        own(dBranch));
    Shapes.sameShape("gatedAddBackward", own(modulations), own(dModulations));
    try (MemoryWorkspace scratch = scratch()) {
      modulation.gateBackward(
          array(dOut),
          array(branch),
          array(modulations),
          gateChunk,
          array(dBranch),
          array(dModulations));
      flat(dBias).addi(array(dBranch).sum(0));
    }
  }

  @Override
  public void biasGelu(Tensor x, Tensor bias, Tensor out) {
    Shapes.rowsAndVector("biasGelu", own(x), own(bias));
    Shapes.sameLength("biasGelu", own(x), own(out));
    try (MemoryWorkspace scratch = scratch()) {
      array(x).addiRowVector(flat(bias));
      flat(out).assign(PortableGelu.value(flat(x)));
    }
  }

  @Override
  public void biasGeluBackward(Tensor x, Tensor gradient, Tensor dBias) {
    Shapes.rowsAndVector("biasGeluBackward", own(x), own(dBias));
    Shapes.sameShape("biasGeluBackward", own(x), own(gradient));
    try (MemoryWorkspace scratch = scratch()) {
      array(gradient).muli(PortableGelu.slope(array(x)));
      flat(dBias).addi(array(gradient).sum(0));
    }
  }

  @Override
  public void attention(
      Tensor qkv, int heads, TokenSequences sequences, Tensor probabilities, Tensor out) {
    Shapes.attention(own(qkv), heads, sequences, own(probabilities), own(out));
    try (MemoryWorkspace scratch = scratch()) {
      attention.forward(array(qkv), heads, sequences, array(probabilities), array(out));
    }
  }

  @Override
  public void attentionBackward(
      Tensor qkv,
      int heads,
      TokenSequences sequences,
      Tensor probabilities,
      Tensor dOut,
      Tensor dQkv) {
    Shapes.attention(own(qkv), heads, sequences, own(probabilities), own(dOut));
    Shapes.sameShape("attentionBackward", own(qkv), own(dQkv));
    try (MemoryWorkspace scratch = scratch()) {
      attention.backward(
          array(qkv), heads, sequences, array(probabilities), array(dOut), array(dQkv));
    }
  }

  @Override
  public void rotate(Tensor qkv, int heads, Tensor table, int repeat, Rotation rotation) {
    Shapes.rotate(own(qkv), heads, own(table), repeat);
    try (MemoryWorkspace scratch = scratch()) {
      tokens.rotate(array(qkv), heads, array(table), repeat, rotation);
    }
  }

  @Override
  public void copyRows(Tensor from, TokenSequences fromRows, Tensor to, TokenSequences toRows) {
    Shapes.copyRows(own(from), fromRows, own(to), toRows);
    try (MemoryWorkspace scratch = scratch()) {
      tokens.copyRows(array(from), fromRows, array(to), toRows);
    }
  }

  @Override
  public void softmax(Tensor x, double scale) {
    Shapes.matrix("softmax", own(x));
    try (MemoryWorkspace scratch = scratch()) {
      array(x).muli(scale);
      PortableAttention.softmax(own(x).reshape(1, x.size(0), x.size(1)).array());
    }
  }

  @Override
  public void permute(Tensor x, int[] order, Tensor out) {
    Shapes.permute(own(x), order, own(out));
    array(out).assign(array(x).permute(order));
  }

  @Override
  public void convolution(
      Tensor x, Tensor weight, Tensor bias, int stride, int padBefore, int padAfter, Tensor out) {
    Shapes.convolution(own(x), own(weight), own(bias), stride, padBefore, padAfter, own(out));
    try (MemoryWorkspace scratch = scratch()) {
      images.convolution(
          array(x), array(weight), flat(bias), stride, padBefore, padAfter, array(out));
    }
  }

  @Override
  public void convolutionBackward(
      Tensor x,
      Tensor weight,
      int stride,
      int padBefore,
      int padAfter,
      Tensor dOut,
      Tensor dX,
      Tensor dWeight,
      Tensor dBias) {
    Shapes.convolution(own(x), own(weight), own(dBias), stride, padBefore, padAfter, own(dOut));
    Shapes.sameShape("convolutionBackward", own(x), own(dX));
    Shapes.sameShape("convolutionBackward", own(weight), own(dWeight));
    try (MemoryWorkspace scratch = scratch()) {
      images.convolutionBackward(
          array(x),
          array(weight),
          stride,
          padBefore,
          padAfter,
          array(dOut),
          array(dX),
          array(dWeight),
          flat(dBias));
    }
  }

  @Override
  public void groupNorm(
      Tensor x, int groups, Tensor gamma, Tensor beta, double epsilon, Tensor out) {
    Shapes.groupNorm(own(x), groups, own(gamma), own(beta), own(out));
    try (MemoryWorkspace scratch = scratch()) {
      images.groupNorm(array(x), groups, flat(gamma), flat(beta), epsilon, array(out));
    }
  }

  @Override
  public void groupNormBackward(
      Tensor x,
      int groups,
      Tensor gamma,
      double epsilon,
      Tensor dOut,
      Tensor dX,
      Tensor dGamma,
      Tensor dBeta) {
    Shapes.groupNorm(own(x), groups, own(gamma), own(dBeta), own(dOut));
    Shapes.sameShape("groupNormBackward", own(x), own(dX));
    Shapes.sameLength("groupNormBackward", own(gamma), own(dGamma));
    try (MemoryWorkspace scratch = scratch()) {
      images.groupNormBackward(
          array(x),
          groups,
          flat(gamma),
          epsilon,
          array(dOut),
          array(dX),
          flat(dGamma),
          flat(dBeta));
    }
  }

  @Override
  public void upsampleNearest(Tensor x, Tensor out) {
    Shapes.upsample(own(x), own(out));
    images.upsampleNearest(array(x), array(out));
  }

  @Override
  public void upsampleNearestBackward(Tensor dOut, Tensor dX) {
    Shapes.upsample(own(dX), own(dOut));
    images.upsampleNearestBackward(array(dOut), array(dX));
  }

  /** Frees the workspace of the calling thread. */
  @Override
  public void close() {
    if (Nd4j.getWorkspaceManager().checkIfWorkspaceExists(workspace)) {
      Nd4j.getWorkspaceManager()
          .destroyWorkspace(
              Nd4j.getWorkspaceManager().getWorkspaceForCurrentThread(WORKSPACE, workspace));
    }
  }

  private MemoryWorkspace scratch() {
    return Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE, workspace);
  }

  private ArrayTensor own(Tensor tensor) {
    if (tensor instanceof ArrayTensor array && array.array().dataType() == type) {
      return array;
    }
    throw new IllegalArgumentException(
        "a tensor of shape %s was not made by these %s kernels"
            .formatted(Arrays.toString(tensor.shape()), type));
  }

  private INDArray array(Tensor tensor) {
    return own(tensor).array();
  }

  private INDArray flat(Tensor tensor) {
    return array(tensor).reshape(new long[] {tensor.length()});
  }

  private INDArray row(Tensor matrix, int row) {
    int columns = matrix.size(1);
    return own(matrix).slice((long) row * columns, columns).array();
  }
}
