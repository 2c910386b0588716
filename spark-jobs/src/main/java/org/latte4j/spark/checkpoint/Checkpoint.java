package org.latte4j.spark.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.model.weights.ShardedSafetensors;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.spark.averaging.InitialState;
import org.latte4j.spark.averaging.ParameterTensor;
import org.latte4j.spark.averaging.SlicePlan;
import org.latte4j.spark.averaging.StateVector;

/**
 * A whole checkpoint: opening one makes sure that every file is there in its full length. Contents
 * are compared with their checksums on demand. Immutable.
 */
public final class Checkpoint {
  private final Path path;
  private final Configuration hadoop;
  private final CheckpointFolder folder;
  private final List<StoredFile> files;
  private final CheckpointState state;

  private Checkpoint(
      Path path,
      Configuration hadoop,
      CheckpointFolder folder,
      List<StoredFile> files,
      CheckpointState state) {
    this.path = path;
    this.hadoop = hadoop;
    this.folder = folder;
    this.files = files;
    this.state = state;
  }

  /**
   * Opens a checkpoint's folder.
   *
   * @throws CheckpointException if it is missing, unfinished, or a file is missing or cut short
   */
  public static Checkpoint open(Path path, Configuration hadoop) throws IOException {
    FileSystem fileSystem = path.getFileSystem(hadoop);
    if (!fileSystem.exists(path)) {
      throw new CheckpointException("there is no folder " + path + "; check the path");
    }
    CheckpointFolder folder = new CheckpointFolder(path, hadoop);
    if (!folder.exists(CheckpointJson.SUCCESS)) {
      throw new CheckpointException(
          "%s holds no whole checkpoint: it lacks %s, which is written last. Its writing was cut off,"
                  .formatted(path, CheckpointJson.SUCCESS)
              + " or it is not a checkpoint; use an older one");
    }
    List<StoredFile> files =
        CheckpointJson.read(folder, CheckpointJson.SUCCESS, CheckpointJson.Success.class).files();
    for (StoredFile file : files) {
      folder.verifyLength(file);
    }
    CheckpointState state = CheckpointJson.readState(folder);
    return new Checkpoint(path, hadoop, folder, files, state);
  }

  /**
   * Opens the newest whole checkpoint of a training run's folder. Unfinished ones are passed over;
   * a damaged one is an error, since going back further is for people to decide.
   *
   * @throws CheckpointException if there is no whole checkpoint, or the newest is damaged
   */
  public static Checkpoint newest(Path run, Configuration hadoop) throws IOException {
    FileSystem fileSystem = run.getFileSystem(hadoop);
    if (!fileSystem.exists(run)) {
      throw new CheckpointException("there is no folder " + run + "; check the path");
    }
    Optional<Checkpoint> newest = newestWhole(run, hadoop);
    if (newest.isPresent()) {
      return newest.get();
    }
    List<Path> unfinished = new RunFolder(run, hadoop).unfinished();
    throw new CheckpointException(
        unfinished.isEmpty()
            ? run + " holds no folder checkpoint-STEP; is it the output of training?"
            : "%s holds no whole checkpoint, only unfinished ones: %s; train again"
                .formatted(run, unfinished.stream().map(Path::getName).toList()));
  }

  /**
   * The newest whole checkpoint of a run's folder, if the run has come that far.
   *
   * @throws CheckpointException if the newest is damaged
   */
  public static Optional<Checkpoint> newestWhole(Path run, Configuration hadoop)
      throws IOException {
    return new RunFolder(run, hadoop).newest();
  }

  /** Opens a checkpoint's folder, or the newest whole checkpoint of a run's folder. */
  public static Checkpoint find(Path path, Configuration hadoop) throws IOException {
    boolean one =
        RunFolder.namedAsCheckpoint(path)
            || path.getFileSystem(hadoop).exists(new Path(path, CheckpointJson.SUCCESS));
    return one ? open(path, hadoop) : newest(path, hadoop);
  }

  /** Its folder. */
  public Path path() {
    return path;
  }

  /** How far training had come. */
  public CheckpointState state() {
    return state;
  }

  /** Every file but {@code _SUCCESS}. */
  public List<StoredFile> files() {
    return files;
  }

  /** Bytes of all files. */
  public long bytes() {
    return files.stream().mapToLong(StoredFile::bytes).sum();
  }

  /** Whether it holds a part; the optimiser's is missing if the updater had no state. */
  public boolean has(CheckpointPart part) {
    return holds(part.index());
  }

  private boolean holds(String name) {
    return files.stream().anyMatch(file -> file.name().equals(name));
  }

  /**
   * Reads every file and compares its checksum, here, one file after the other.
   *
   * @throws CheckpointException for the first file that differs
   */
  public void verify() throws IOException {
    for (StoredFile file : files) {
      folder.verifyContent(file);
    }
  }

  /** As {@link #verify()}, but on the executors, all files in one job. */
  public void verify(JavaSparkContext context) throws IOException {
    SerializableConfiguration configuration = new SerializableConfiguration(hadoop);
    String folderName = path.toString();
    context.setJobDescription("verify " + path.getName());
    try {
      List<String> damages =
          context
              .parallelize(new ArrayList<>(files), files.size())
              .flatMap(
                  file -> {
                    try {
                      new CheckpointFolder(new Path(folderName), configuration.value())
                          .verifyContent(file);
                      return List.<String>of().iterator();
                    } catch (CheckpointException e) {
                      return List.of(e.getMessage()).iterator();
                    }
                  })
              .collect();
      if (!damages.isEmpty()) {
        throw new CheckpointException(damages.get(0));
      }
    } finally {
      context.setJobDescription(null);
    }
  }

  /**
   * Opens the weights of a part; the caller closes them.
   *
   * @throws CheckpointException if it lacks the part
   */
  public WeightSource weights(CheckpointPart part) throws IOException {
    requirePart(part);
    return ShardedSafetensors.open(folder, part.index());
  }

  /**
   * The state it holds, to be read by executors. It may be cut differently than it was written.
   *
   * @param vectors the vectors that training gathers; the moving average comes on top
   * @throws CheckpointException if it lacks a vector or a tensor, or a shape differs
   */
  public InitialState initialState(SlicePlan plan, Set<StateVector> vectors) throws IOException {
    return initialState(plan, vectors, Set.of(), 0);
  }

  /**
   * The state it holds, with what workers keep for themselves. Where it was written without, each
   * worker begins with the averaged moments; where there are none either, with zeros.
   *
   * @param own vectors that each worker keeps
   * @param workers that do
   * @throws CheckpointException as above, or if another number of workers has kept its own
   */
  public InitialState initialState(
      SlicePlan plan, Set<StateVector> vectors, Set<StateVector> own, int workers)
      throws IOException {
    EnumSet<StateVector> all = EnumSet.copyOf(vectors);
    all.add(StateVector.EMA);
    OwnMoments moments = own.isEmpty() ? OwnMoments.ZERO : ownMoments(workers);
    if (moments == OwnMoments.AVERAGED) {
      all.addAll(own);
    }
    Map<CheckpointPart, Map<String, String>> shards = new EnumMap<>(CheckpointPart.class);
    for (StateVector vector : all) {
      CheckpointPart part = CheckpointPart.of(vector);
      requireTensors(plan, vector, part);
      shards.put(part, CheckpointJson.shards(folder, part.index()));
    }
    return new CheckpointSlices(path, new SerializableConfiguration(hadoop), shards, moments);
  }

  private OwnMoments ownMoments(int workers) throws CheckpointException {
    if (!holds(CheckpointPart.ownIndex(0))) {
      return has(CheckpointPart.OPTIMIZER) ? OwnMoments.AVERAGED : OwnMoments.ZERO;
    }
    if (state.workers() != workers) {
      throw new CheckpointException(
          "checkpoint %s holds Adam's moments of %d workers, and there are %d now: set train.workers"
                  .formatted(path, state.workers(), workers)
              + " back, or begin anew from its weights (train.start-from)");
    }
    return OwnMoments.KEPT;
  }

  private void requireTensors(SlicePlan plan, StateVector vector, CheckpointPart part)
      throws IOException {
    try (WeightSource source = weights(part)) {
      for (ParameterTensor tensor : plan.tensors()) {
        String name = CheckpointPart.storedName(vector, tensor.name());
        if (!source.contains(name)) {
          throw new CheckpointException(
              "%s is of another model: it has no %s; compare the settings model.* with its %s"
                  .formatted(source.description(), name, CheckpointJson.STATE));
        }
        List<Integer> shape = java.util.Arrays.stream(source.shape(name)).boxed().toList();
        if (!shape.equals(tensor.shape())) {
          throw new CheckpointException(
              "%s is of another model: %s has shape %s there and %s here; compare the settings model.*"
                      .formatted(source.description(), name, shape, tensor.shape())
                  + " with its "
                  + CheckpointJson.STATE);
        }
      }
    }
  }

  private void requirePart(CheckpointPart part) throws CheckpointException {
    if (!has(part)) {
      throw new CheckpointException(
          "checkpoint %s lacks %s: it was written without that part".formatted(path, part.index()));
    }
  }
}
