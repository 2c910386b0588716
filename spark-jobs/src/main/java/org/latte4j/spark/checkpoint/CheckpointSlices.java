package org.latte4j.spark.checkpoint;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.model.weights.SafetensorsFile;
import org.latte4j.spark.averaging.InitialState;
import org.latte4j.spark.averaging.ParameterTensor;
import org.latte4j.spark.averaging.Slice;
import org.latte4j.spark.averaging.SlicePlan;
import org.latte4j.spark.averaging.StateVector;

/**
 * Reads slices of the state from a checkpoint's files; only those that hold the slice are opened.
 */
final class CheckpointSlices implements InitialState {
  private static final long serialVersionUID = 1L;

  private final String path;
  private final SerializableConfiguration hadoop;
  private final Map<CheckpointPart, Map<String, String>> shards;
  private final OwnMoments own;
  private transient int indexedWorker;
  private transient Map<String, String> indexOfWorker;

  /**
   * @param shards for each part, the file that holds each stored tensor
   * @param own where the moments come from that workers keep for themselves
   */
  CheckpointSlices(
      Path path,
      SerializableConfiguration hadoop,
      Map<CheckpointPart, Map<String, String>> shards,
      OwnMoments own) {
    this.path = path.toString();
    this.hadoop = hadoop;
    this.shards = shards;
    this.own = own;
  }

  @Override
  public void fill(StateVector vector, Slice slice, SlicePlan plan, FloatBuffer into)
      throws IOException {
    read(shards.get(CheckpointPart.of(vector)), vector, slice, plan, into);
  }

  @Override
  public void fillOwn(StateVector vector, int worker, Slice slice, SlicePlan plan, FloatBuffer into)
      throws IOException {
    switch (own) {
      case ZERO -> {}
      case AVERAGED -> fill(vector, slice, plan, into);
      case KEPT -> read(indexOf(worker), vector, slice, plan, into);
    }
  }

  /** A worker's slices are asked for one after the other. */
  private Map<String, String> indexOf(int worker) throws IOException {
    if (indexOfWorker == null || worker != indexedWorker) {
      CheckpointFolder folder = new CheckpointFolder(new Path(path), hadoop.value());
      indexOfWorker = CheckpointJson.shards(folder, CheckpointPart.ownIndex(worker));
      indexedWorker = worker;
    }
    return indexOfWorker;
  }

  private void read(
      Map<String, String> shardOfTensor,
      StateVector vector,
      Slice slice,
      SlicePlan plan,
      FloatBuffer into)
      throws IOException {
    CheckpointFolder folder = new CheckpointFolder(new Path(path), hadoop.value());
    String openShard = "";
    SafetensorsFile file = null;
    try {
      for (ParameterTensor tensor : plan.tensorsOf(slice)) {
        String name = CheckpointPart.storedName(vector, tensor.name());
        String shard = shardOfTensor.get(name);
        if (!shard.equals(openShard)) {
          if (file != null) {
            file.close();
          }
          file = SafetensorsFile.open(folder.open(shard), path + "/" + shard);
          openShard = shard;
        }
        into.put(file.floats(name));
      }
    } finally {
      if (file != null) {
        file.close();
      }
    }
  }
}
