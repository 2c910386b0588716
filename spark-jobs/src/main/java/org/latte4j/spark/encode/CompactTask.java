package org.latte4j.spark.encode;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.encode.EncodeJson;
import org.latte4j.data.shard.EncodedVideo;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.ShardFile;
import org.latte4j.data.shard.ShardReader;
import org.latte4j.data.shard.ShardWriter;
import org.latte4j.data.shard.StoredFile;

/**
 * Puts the rows of several shard files into one, on an executor: a {@link CompactJob.Group} in, the
 * new {@link ShardFile} out, both as JSON.
 */
final class CompactTask implements Function<String, String>, Serializable {
  private static final long serialVersionUID = 1L;
  private static final long CACHE_BYTES = 1 << 20;

  private final String folder;
  private final SerializableConfiguration hadoop;

  CompactTask(String folder, SerializableConfiguration hadoop) {
    this.folder = folder;
    this.hadoop = hadoop;
  }

  @Override
  public String call(String json) {
    CompactJob.Group group = EncodeJson.read(json, CompactJob.Group.class);
    try {
      return EncodeJson.write(compact(group, TaskContext.get().taskAttemptId()));
    } catch (IOException e) {
      throw new UncheckedIOException(group.name() + ": " + e.getMessage(), e);
    }
  }

  private ShardFile compact(CompactJob.Group group, long attempt) throws IOException {
    Configuration configuration = hadoop.value();
    Path path = new Path(folder);
    Manifest part = group.manifest();
    try (ShardReader reader = LatentShards.of(path, configuration, part).reader(CACHE_BYTES);
        ShardWriter writer =
            ShardWriter.create(path, group.name(), attempt, part.text(), configuration)) {
      for (int file = 0; file < part.files().size(); file++) {
        for (int row = 0; row < part.files().get(file).rows(); row++) {
          writer.write(reader.segment(file, row));
        }
      }
      StoredFile stored = writer.commit();
      return new ShardFile(stored.name(), stored.bytes(), stored.sha256(), videos(part.files()));
    }
  }

  /** Neighbouring parts of one video become one. */
  private static List<EncodedVideo> videos(List<ShardFile> files) {
    List<EncodedVideo> videos = new ArrayList<>();
    for (ShardFile file : files) {
      for (EncodedVideo video : file.videos()) {
        int last = videos.size() - 1;
        if (last >= 0 && videos.get(last).source().equals(video.source())) {
          videos.set(last, videos.get(last).with(video));
        } else {
          videos.add(video);
        }
      }
    }
    return videos;
  }
}
