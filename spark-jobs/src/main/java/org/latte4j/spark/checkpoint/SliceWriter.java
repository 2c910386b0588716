package org.latte4j.spark.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.model.weights.ElementType;
import org.latte4j.model.weights.SafetensorsLayout;
import org.latte4j.model.weights.SafetensorsWriter;
import org.latte4j.spark.averaging.Activity;
import org.latte4j.spark.averaging.ParameterTensor;
import org.latte4j.spark.averaging.Slice;
import org.latte4j.spark.averaging.SliceFunction;
import org.latte4j.spark.averaging.SlicePlan;
import org.latte4j.spark.averaging.StateVector;

/** Writes one slice of the state: a file for each part of the checkpoint. */
final class SliceWriter implements SliceFunction<ArrayList<StoredFile>> {
  private static final long serialVersionUID = 1L;

  private final String folder;
  private final String application;
  private final SerializableConfiguration hadoop;
  private final List<FixedTable> tables;

  /**
   * @param application keeps apart the unfinished files of a driver that died and of the next
   * @param tables go into the first file of the parts that hold them
   */
  SliceWriter(
      Path folder, String application, SerializableConfiguration hadoop, List<FixedTable> tables) {
    this.folder = folder.toString();
    this.application = application;
    this.hadoop = hadoop;
    this.tables = tables;
  }

  @Override
  public ArrayList<StoredFile> apply(
      SlicePlan plan, Slice slice, Map<StateVector, FloatBuffer> values) throws IOException {
    CheckpointFolder into = new CheckpointFolder(new Path(folder), hadoop.value());
    String attempt = application + "." + TaskContext.get().taskAttemptId();
    ArrayList<StoredFile> files = new ArrayList<>();
    for (CheckpointPart part : CheckpointPart.values()) {
      List<StateVector> vectors = part.vectorsIn(values.keySet());
      if (!vectors.isEmpty()) {
        List<FixedTable> first = part.holdsFixedTables() && slice.index() == 0 ? tables : List.of();
        files.add(
            into.write(
                part.file(slice.index(), plan.slices().size()),
                attempt,
                out -> write(out, plan.tensorsOf(slice), vectors, values, first)));
      }
    }
    return files;
  }

  @Override
  public Activity activity() {
    return Activity.CHECKPOINT;
  }

  static void write(
      OutputStream out,
      List<ParameterTensor> tensors,
      List<StateVector> vectors,
      Map<StateVector, FloatBuffer> values,
      List<FixedTable> tables)
      throws IOException {
    // What the header of PyTorch's own writer says; some readers insist on it.
    SafetensorsLayout.Builder layout = SafetensorsLayout.builder().metadata("format", "pt");
    for (FixedTable table : tables) {
      layout.array(table.name(), ElementType.F32, sizes(table.shape()));
    }
    for (StateVector vector : vectors) {
      for (ParameterTensor tensor : tensors) {
        layout.array(
            CheckpointPart.storedName(vector, tensor.name()),
            ElementType.F32,
            sizes(tensor.shape()));
      }
    }
    SafetensorsWriter writer = new SafetensorsWriter(out, layout.build());
    for (FixedTable table : tables) {
      writer.write(table.name(), table.values());
    }
    for (StateVector vector : vectors) {
      FloatBuffer slice = values.get(vector).duplicate();
      for (ParameterTensor tensor : tensors) {
        float[] floats = new float[tensor.length()];
        slice.get(floats);
        String name = CheckpointPart.storedName(vector, tensor.name());
        requireFinite(name, floats);
        writer.write(name, floats);
      }
    }
    writer.finish();
  }

  private static void requireFinite(String name, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new NonFiniteStateException(
            "%s holds %s at position %d: training has diverged, and this state is not written. Go on"
                    .formatted(name, values[i], i)
                + " from the last checkpoint with a lower train.learning-rate or train.clip-norm");
      }
    }
  }

  private static int[] sizes(List<Integer> shape) {
    return shape.stream().mapToInt(Integer::intValue).toArray();
  }
}
