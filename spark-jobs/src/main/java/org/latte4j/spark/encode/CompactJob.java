package org.latte4j.spark.encode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.ManifestFile;
import org.latte4j.data.shard.ShardFile;
import org.latte4j.data.shard.ShardWriter;

/**
 * Puts neighbouring shard files together until they have a size that suits the file system. Rows
 * and their order stay as they are; the fingerprint of the data set changes with its files.
 *
 * <p>New files are written beside the old ones, then the manifest, and then the old ones are
 * removed: a job that was killed leaves the data set as it was before or after.
 */
public final class CompactJob {
  private final JavaSparkContext spark;
  private final Path folder;
  private final long fileBytes;
  private final Configuration hadoop;

  /**
   * A job, not started.
   *
   * @param folder of latent shards on any Hadoop file system
   * @param fileBytes that no file of several should exceed
   */
  public CompactJob(JavaSparkContext spark, String folder, long fileBytes) {
    this.spark = spark;
    this.folder = new Path(folder);
    this.fileBytes = fileBytes;
    this.hadoop = spark.hadoopConfiguration();
  }

  /**
   * Runs the job.
   *
   * @throws org.latte4j.data.shard.ShardFormatException if the folder holds no whole data set
   */
  public Result execute() throws IOException {
    LatentShards shards = LatentShards.open(folder, hadoop);
    shards.verifyLengths();
    Manifest before = shards.manifest();
    List<Group> groups = groups(before);
    List<Group> several =
        groups.stream().filter(group -> group.manifest().files().size() > 1).toList();
    if (several.isEmpty()) {
      return new Result(before.files().size(), before);
    }
    OutputFolder output = new OutputFolder(folder, hadoop);
    output.prepare(List.of());
    String qualified = folder.getFileSystem(hadoop).makeQualified(folder).toString();
    Map<String, ShardFile> made = new HashMap<>();
    new ExecutorMap(spark)
        .apply(
            "compact shards",
            several,
            new CompactTask(qualified, new SerializableConfiguration(hadoop)),
            ShardFile.class)
        .forEach(file -> made.put(file.name(), file));
    List<ShardFile> files =
        groups.stream()
            .map(group -> made.getOrDefault(group.name(), group.manifest().files().get(0)))
            .toList();
    Manifest after = before.withFiles(files);
    LatentShards.of(folder, hadoop, after).verifyLengths();
    ManifestFile.write(after, folder, hadoop);
    output.removeLeftovers(after);
    return new Result(before.files().size(), after);
  }

  private List<Group> groups(Manifest manifest) {
    List<List<ShardFile>> groups = new ArrayList<>();
    long bytes = 0;
    for (ShardFile file : manifest.files()) {
      if (groups.isEmpty() || bytes + file.bytes() > fileBytes) {
        groups.add(new ArrayList<>());
        bytes = 0;
      }
      groups.get(groups.size() - 1).add(file);
      bytes += file.bytes();
    }
    int generation = EncodeWork.nextGeneration(manifest);
    List<Group> named = new ArrayList<>();
    for (List<ShardFile> files : groups) {
      String name = ShardWriter.fileName(generation, named.size(), groups.size());
      named.add(new Group(name, manifest.withFiles(files).withoutRejected()));
    }
    return named;
  }

  /**
   * Files that become one.
   *
   * @param name of the new file
   * @param manifest of these files alone
   */
  record Group(String name, Manifest manifest) {}

  /**
   * What the job did.
   *
   * @param filesBefore how many files there were
   * @param manifest of the data set now
   */
  public record Result(int filesBefore, Manifest manifest) {}
}
