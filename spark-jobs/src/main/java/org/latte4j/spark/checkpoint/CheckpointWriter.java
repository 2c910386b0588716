package org.latte4j.spark.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.model.weights.ShardedSafetensors;
import org.latte4j.spark.averaging.ParameterTensor;
import org.latte4j.spark.averaging.Slice;
import org.latte4j.spark.averaging.SlicePlan;
import org.latte4j.spark.averaging.StateLostException;
import org.latte4j.spark.averaging.StateVector;
import org.latte4j.spark.averaging.TrainingState;

/** Writes checkpoints of one training run, as folders {@code checkpoint-STEP} of its folder. */
public final class CheckpointWriter {
  private final JavaSparkContext context;
  private final Configuration hadoop;
  private final Path run;
  private final List<FixedTable> tables;
  private final Map<String, String> documents;

  /**
   * A writer for a run.
   *
   * @param run the run's folder, on any Hadoop file system that driver and executors reach
   * @param tables what the model's files hold besides the trained parameters
   * @param documents texts that lie in every checkpoint, by file name
   */
  public CheckpointWriter(
      JavaSparkContext context, Path run, List<FixedTable> tables, Map<String, String> documents) {
    this.context = context;
    this.hadoop = context.hadoopConfiguration();
    this.run = run;
    this.tables = List.copyOf(tables);
    this.documents = Map.copyOf(documents);
  }

  /**
   * Writes a checkpoint. Executors write the slices that they hold; what an earlier attempt left
   * unfinished is removed first.
   *
   * @param description becomes {@code state.json}; its round must be that of the state
   * @return the whole checkpoint
   * @throws CheckpointException if there is a whole checkpoint of this step already, or files of
   *     somebody else's lie in its place
   * @throws CheckpointWriteException if it cannot be written; what was written of it is removed
   * @throws NonFiniteStateException if the state holds NaN or infinity; likewise
   */
  public Checkpoint write(TrainingState state, CheckpointState description) throws IOException {
    if (description.round() != state.rounds()) {
      throw new IllegalArgumentException(
          "the state has gone through %d rounds, its description says %d"
              .formatted(state.rounds(), description.round()));
    }
    Path path = RunFolder.checkpoint(run, description.step());
    CheckpointFolder folder = clear(path);
    try {
      writeFiles(state, description, path, folder);
    } catch (StateLostException e) {
      removeHalfWritten(path, e);
      throw e;
    } catch (Exception e) { // Spark's come undeclared.
      removeHalfWritten(path, e);
      throw notWritten(path, e);
    }
    folder.delete(CheckpointFolder.UNFINISHED);
    return Checkpoint.open(path, hadoop);
  }

  private void writeFiles(
      TrainingState state, CheckpointState description, Path path, CheckpointFolder folder)
      throws IOException {
    List<StoredFile> files = new ArrayList<>(writeSlices(state, path));
    for (CheckpointPart part : CheckpointPart.values()) {
      Map<String, String> shards = shards(part, state);
      if (!shards.isEmpty()) {
        byte[] index = ShardedSafetensors.index(shards, bytes(part, state));
        files.add(folder.write(part.index(), "driver", out -> out.write(index)));
      }
    }
    for (int worker = 0; worker < state.owners(); worker++) {
      byte[] index = ShardedSafetensors.index(ownShards(worker, state), ownBytes(state));
      files.add(folder.write(CheckpointPart.ownIndex(worker), "driver", out -> out.write(index)));
    }
    for (String name : new TreeSet<>(documents.keySet())) {
      byte[] text = documents.get(name).getBytes(StandardCharsets.UTF_8);
      files.add(folder.write(name, "driver", out -> out.write(text)));
    }
    byte[] json = CheckpointJson.write(description);
    files.add(folder.write(CheckpointJson.STATE, "driver", out -> out.write(json)));
    byte[] success = CheckpointJson.write(new CheckpointJson.Success(files));
    folder.write(CheckpointJson.SUCCESS, "driver", out -> out.write(success));
  }

  private List<StoredFile> writeSlices(TrainingState state, Path path) {
    context.setJobDescription("checkpoint " + path.getName());
    context.setCallSite("write " + path.getName());
    try {
      SliceWriter slices =
          new SliceWriter(
              path, context.sc().applicationId(), new SerializableConfiguration(hadoop), tables);
      List<StoredFile> files = new ArrayList<>();
      state.mapSlices(slices).forEach(files::addAll);
      files.addAll(
          state.mapOwn(
              new OwnStateWriter(
                  path, context.sc().applicationId(), new SerializableConfiguration(hadoop))));
      return files;
    } finally {
      context.clearCallSite();
      context.setJobDescription(null);
    }
  }

  /** The run's earlier checkpoints keep the room that is left. */
  private void removeHalfWritten(Path path, Exception failure) {
    try {
      path.getFileSystem(hadoop).delete(path, true);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private IOException notWritten(Path path, Exception failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
      if (cause instanceof NonFiniteStateException diverged) {
        throw diverged;
      }
    }
    String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return new CheckpointWriteException(
        "checkpoint %s could not be written: %s. %s. Make room or mend the store, and run the same"
                .formatted(path, reason, kept(failure))
            + " command again: it goes on from there",
        failure);
  }

  private String kept(Exception failure) {
    try {
      List<Path> whole = new RunFolder(run, hadoop).whole();
      return whole.isEmpty()
          ? "The run has no earlier one"
          : "The one before, %s, is whole".formatted(whole.get(0));
    } catch (IOException e) {
      failure.addSuppressed(e);
      return "Earlier ones are untouched";
    }
  }

  private CheckpointFolder clear(Path path) throws IOException {
    FileSystem fileSystem = path.getFileSystem(hadoop);
    if (fileSystem.exists(new Path(path, CheckpointJson.SUCCESS))) {
      throw new CheckpointException(
          "%s is a whole checkpoint already and is not overwritten; remove it or write to another"
                  .formatted(path)
              + " folder");
    }
    if (fileSystem.exists(path) && !new RunFolder(run, hadoop).holdsOnlyOurs(path)) {
      throw new CheckpointException(
          "%s holds files that no checkpoint of Latte4J has; move them or write to another folder"
              .formatted(path));
    }
    fileSystem.delete(path, true);
    if (!fileSystem.mkdirs(path)) {
      throw new IOException("cannot make the folder " + path + "; is its parent writable?");
    }
    return new CheckpointFolder(path, hadoop);
  }

  private Map<String, String> shards(CheckpointPart part, TrainingState state) {
    Map<String, String> shards = new LinkedHashMap<>();
    List<StateVector> vectors = part.vectorsIn(vectorsOf(state));
    SlicePlan plan = state.plan();
    for (Slice slice : plan.slices()) {
      String file = part.file(slice.index(), plan.slices().size());
      if (part.holdsFixedTables() && slice.index() == 0) {
        tables.forEach(table -> shards.put(table.name(), file));
      }
      for (StateVector vector : vectors) {
        for (ParameterTensor tensor : plan.tensorsOf(slice)) {
          shards.put(CheckpointPart.storedName(vector, tensor.name()), file);
        }
      }
    }
    return vectors.isEmpty() ? Map.of() : shards;
  }

  private static Map<String, String> ownShards(int worker, TrainingState state) {
    Map<String, String> shards = new LinkedHashMap<>();
    SlicePlan plan = state.plan();
    for (Slice slice : plan.slices()) {
      String file = CheckpointPart.ownFile(worker, slice.index(), plan.slices().size());
      for (StateVector vector : CheckpointPart.OPTIMIZER.vectorsIn(state.own())) {
        for (ParameterTensor tensor : plan.tensorsOf(slice)) {
          shards.put(CheckpointPart.storedName(vector, tensor.name()), file);
        }
      }
    }
    return shards;
  }

  private static long ownBytes(TrainingState state) {
    return state.plan().length() * state.own().size() * Float.BYTES;
  }

  private long bytes(CheckpointPart part, TrainingState state) {
    long floats = state.plan().length() * part.vectorsIn(vectorsOf(state)).size();
    if (part.holdsFixedTables()) {
      floats += tables.stream().mapToLong(table -> table.values().length).sum();
    }
    return floats * Float.BYTES;
  }

  private static Set<StateVector> vectorsOf(TrainingState state) {
    Set<StateVector> vectors = state.gathered();
    vectors.add(StateVector.EMA);
    return vectors;
  }
}
