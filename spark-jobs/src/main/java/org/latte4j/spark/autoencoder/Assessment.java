package org.latte4j.spark.autoencoder;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.latte4j.data.frames.FrameManifest;
import org.latte4j.model.autoencoder.AutoencoderKlConfig;
import org.latte4j.model.autoencoder.DctSettings;

/**
 * Looks at a trained autoencoder, on the executors: the scale of its latents on training frames,
 * and what is lost on frames of videos that it has not seen. Frames are spread evenly over the
 * data; sums are taken in their order, whatever the number of executors.
 */
final class Assessment {
  private static final int FRAMES_OF_A_LIST = 8;
  private static final int LARGEST_BLOCK = 16;

  private final JavaSparkContext spark;
  private final TrainedWeights weights;
  private final FrameSource source;
  private final FrameManifest manifest;

  Assessment(
      JavaSparkContext spark, TrainedWeights weights, FrameSource source, FrameManifest manifest) {
    this.spark = spark;
    this.weights = weights;
    this.source = source;
    this.manifest = manifest;
  }

  /** One over the deviation of latents drawn from the posterior, over all channels. */
  double scalingFactor() throws IOException {
    int frames = source.training(manifest).size();
    double[] sums =
        sum(
            "scale of latents",
            spread(frames, source.settings().scaleFrames()),
            new LatentSums(weights, source),
            3);
    double mean = sums[1] / sums[0];
    double deviation = Math.sqrt(sums[2] / sums[0] - mean * mean);
    return 1 / deviation;
  }

  /**
   * Quality on held-out videos: first of what was trained, then of the cosine transform that does
   * best with as many latent values. Empty if no video is held out.
   */
  List<ReconstructionQuality> heldOut() throws IOException {
    List<int[]> lists = spread(source.heldOut(manifest).size(), source.settings().heldOutFrames());
    if (lists.isEmpty()) {
      return List.of();
    }
    List<String> others = transforms(weights.network());
    double[] sums =
        sum(
            "quality on held-out videos",
            lists,
            new ReconstructionErrors(weights, source, others),
            2 + others.size());
    int frames = lists.stream().mapToInt(list -> list.length).sum();
    int side = manifest.size() / weights.network().downsampling();
    int values = weights.network().latentChannels() * side * side;
    List<ReconstructionQuality> found = new ArrayList<>();
    found.add(ReconstructionQuality.of("trained", frames, values, sums[1], sums[0]));
    List<ReconstructionQuality> cosine = new ArrayList<>();
    for (int i = 0; i < others.size(); i++) {
      cosine.add(ReconstructionQuality.of(others.get(i), frames, values, sums[2 + i], sums[0]));
    }
    cosine.stream()
        .max(Comparator.comparingDouble(ReconstructionQuality::psnr))
        .ifPresent(found::add);
    return found;
  }

  /** Every way to share the network's latent channels out among luma and chroma. */
  static List<String> transforms(AutoencoderKlConfig network) {
    int block = network.downsampling();
    List<String> names = new ArrayList<>();
    for (int chroma = 0; 2 * chroma < network.latentChannels(); chroma++) {
      int luma = network.latentChannels() - 2 * chroma;
      if (block <= LARGEST_BLOCK && luma <= block * block) {
        names.add(new DctSettings(block, luma, chroma).name());
      }
    }
    return names;
  }

  /** So many frames, evenly spread, in lists. */
  static List<int[]> spread(int frames, int most) {
    int count = Math.min(frames, most);
    List<int[]> lists = new ArrayList<>();
    for (int from = 0; from < count; from += FRAMES_OF_A_LIST) {
      int[] list = new int[Math.min(FRAMES_OF_A_LIST, count - from)];
      for (int i = 0; i < list.length; i++) {
        list[i] = (int) ((long) (from + i) * frames / count);
      }
      lists.add(list);
    }
    return lists;
  }

  private double[] sum(
      String name,
      List<int[]> lists,
      FlatMapFunction<java.util.Iterator<int[]>, double[]> task,
      int length) {
    double[] total = new double[length];
    spark.setCallSite(name);
    try {
      int partitions = Math.min(lists.size(), spark.defaultParallelism());
      for (double[] part : spark.parallelize(lists, partitions).mapPartitions(task).collect()) {
        for (int i = 0; i < length; i++) {
          total[i] += part[i];
        }
      }
    } finally {
      spark.clearCallSite();
    }
    return total;
  }
}
