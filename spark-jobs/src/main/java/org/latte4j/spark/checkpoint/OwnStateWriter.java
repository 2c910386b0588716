package org.latte4j.spark.checkpoint;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.spark.averaging.OwnStateFunction;
import org.latte4j.spark.averaging.Slice;
import org.latte4j.spark.averaging.SlicePlan;
import org.latte4j.spark.averaging.StateVector;

/** Writes one slice of what one worker keeps for itself: a file of that worker's part. */
final class OwnStateWriter implements OwnStateFunction<StoredFile> {
  private static final long serialVersionUID = 1L;

  private final String folder;
  private final String application;
  private final SerializableConfiguration hadoop;

  /**
   * @param application see {@link SliceWriter}
   */
  OwnStateWriter(Path folder, String application, SerializableConfiguration hadoop) {
    this.folder = folder.toString();
    this.application = application;
    this.hadoop = hadoop;
  }

  @Override
  public StoredFile apply(
      SlicePlan plan, int worker, Slice slice, Map<StateVector, FloatBuffer> values)
      throws IOException {
    return new CheckpointFolder(new Path(folder), hadoop.value())
        .write(
            CheckpointPart.ownFile(worker, slice.index(), plan.slices().size()),
            application + "." + TaskContext.get().taskAttemptId(),
            out ->
                SliceWriter.write(
                    out,
                    plan.tensorsOf(slice),
                    CheckpointPart.OPTIMIZER.vectorsIn(values.keySet()),
                    values,
                    List.of()));
  }
}
