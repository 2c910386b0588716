package org.latte4j.spark.encode;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.encode.EncodeJson;
import org.latte4j.data.encode.EncodeRecipe;
import org.latte4j.data.encode.EncodedShard;
import org.latte4j.data.encode.FinishedShards;
import org.latte4j.data.encode.ShardEncoder;
import org.latte4j.data.encode.ShardPlan.PlannedShard;
import org.latte4j.data.shard.TextEncoding;
import org.latte4j.model.autoencoder.Autoencoder;
import org.latte4j.spark.device.TaskDevice;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/**
 * Makes one shard file on an executor: planned shard in, encoded shard out, both as JSON.
 *
 * <p>A task that is run twice, by a retry or by speculation, makes the same file again.
 */
final class EncodeTask extends AbstractFunction2<TaskContext, Iterator<String>, String>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final AutoencoderSource autoencoders;
  private final TextEncoding text;
  private final EncodeRecipe recipe;
  private final String folder;
  private final String job;
  private final SerializableConfiguration hadoop;

  /**
   * The task of a job.
   *
   * @param text what the videos' text embeddings are
   * @param folder of the shards
   * @param job identifies settings and autoencoder
   */
  EncodeTask(
      AutoencoderSource autoencoders,
      TextEncoding text,
      EncodeRecipe recipe,
      String folder,
      String job,
      SerializableConfiguration hadoop) {
    this.autoencoders = autoencoders;
    this.text = text;
    this.recipe = recipe;
    this.folder = folder;
    this.job = job;
    this.hadoop = hadoop;
  }

  @Override
  public String apply(TaskContext context, Iterator<String> planned) {
    PlannedShard shard = EncodeJson.read(planned.next(), PlannedShard.class);
    try {
      return EncodeJson.write(encode(shard, context.taskAttemptId()));
    } catch (IOException e) {
      throw new UncheckedIOException(shard.name() + ": " + e.getMessage(), e);
    }
  }

  private EncodedShard encode(PlannedShard shard, long attempt) throws IOException {
    Configuration configuration = hadoop.value();
    Path path = new Path(folder);
    FinishedShards finished = new FinishedShards(path, job + shard.digest(), configuration);
    Optional<EncodedShard> known = finished.find(shard.name());
    if (known.isPresent()) {
      return known.get();
    }
    TaskDevice.ofThisTask().bind();
    try (Autoencoder autoencoder = autoencoders.open()) {
      EncodedShard encoded =
          new ShardEncoder(recipe, autoencoder, text, path, configuration).encode(shard, attempt);
      finished.add(encoded);
      return encoded;
    }
  }
}
