package org.latte4j.spark.autoencoder;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.encode.EncodeJson;
import org.latte4j.data.encode.PlannedVideo;
import org.latte4j.data.encode.ShardPlan.PlannedShard;
import org.latte4j.data.frames.FrameExtractor;
import org.latte4j.data.frames.FrameFile;
import org.latte4j.data.frames.FrameRecipe;
import org.latte4j.data.source.SourceVideo;

/**
 * Makes one file of frames on an executor: planned file in, what became of it out, both as JSON. A
 * file that an interrupted run of the same job has finished is kept: a hidden record beside it says
 * so.
 */
final class FrameTask implements Function<String, String> {
  private static final long serialVersionUID = 1L;
  private static final String RECORD_PREFIX = ".extracted-";

  private final FrameRecipe recipe;
  private final String folder;
  private final String job;
  private final SerializableConfiguration hadoop;

  /**
   * The task of a job.
   *
   * @param folder of the frames
   * @param job identifies settings and input
   */
  FrameTask(FrameRecipe recipe, String folder, String job, SerializableConfiguration hadoop) {
    this.recipe = recipe;
    this.folder = folder;
    this.job = job;
    this.hadoop = hadoop;
  }

  private record Finished(String job, FrameFile file) {}

  @Override
  public String call(String planned) {
    PlannedShard shard = EncodeJson.read(planned, PlannedShard.class);
    try {
      Optional<FrameFile> known = finished(shard.name());
      return EncodeJson.write(known.isPresent() ? known.get() : extract(shard));
    } catch (IOException e) {
      throw new UncheckedIOException(shard.name() + ": " + e.getMessage(), e);
    }
  }

  /** Whether a file of this name is a record, or its checksum file on Hadoop's local system. */
  static boolean isRecord(String name) {
    return name.startsWith(RECORD_PREFIX) || name.startsWith("." + RECORD_PREFIX);
  }

  private FrameFile extract(PlannedShard shard) throws IOException {
    Configuration configuration = hadoop.value();
    Path path = new Path(folder);
    List<SourceVideo> videos = shard.videos().stream().map(PlannedVideo::video).toList();
    FrameFile file =
        new FrameExtractor(recipe, path, configuration)
            .extract(shard.name(), videos, TaskContext.get().taskAttemptId());
    FileSystem fileSystem = path.getFileSystem(configuration);
    try (OutputStream out = fileSystem.create(record(shard.name()), true)) {
      out.write(EncodeJson.write(new Finished(job, file)).getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  private Optional<FrameFile> finished(String name) throws IOException {
    FileSystem fileSystem = new Path(folder).getFileSystem(hadoop.value());
    try (InputStream in = fileSystem.open(record(name))) {
      String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Finished finished = EncodeJson.read(json, Finished.class);
      boolean believed =
          finished.job().equals(job)
              && fileSystem.getFileStatus(new Path(folder, name)).getLen()
                  == finished.file().bytes();
      return believed ? Optional.of(finished.file()) : Optional.empty();
    } catch (FileNotFoundException | IllegalArgumentException e) {
      return Optional.empty(); // never written, or cut short when the job was killed
    }
  }

  private Path record(String name) {
    return new Path(folder, RECORD_PREFIX + name + ".json");
  }
}
