package org.latte4j.spark.autoencoder;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.latte4j.data.frames.FrameCatalog;
import org.latte4j.data.frames.FrameManifest;
import org.latte4j.data.frames.FrameReader;
import org.latte4j.data.video.RgbImage;
import org.latte4j.model.autoencoder.Autoencoder;
import org.latte4j.spark.device.TaskDevice;

/**
 * Sums over the latents of training frames, on an executor: for each list of frames the number of
 * values, their sum, and that of their squares, as expected under the posterior.
 */
record LatentSums(TrainedWeights weights, FrameSource source)
    implements FlatMapFunction<Iterator<int[]>, double[]> {
  private static final long CACHE_BYTES = 64 << 20;

  @Override
  public Iterator<double[]> call(Iterator<int[]> lists) throws Exception {
    TaskDevice.ofThisTask().bind();
    FrameManifest manifest = source.manifest();
    FrameCatalog catalog = source.training(manifest);
    List<double[]> sums = new ArrayList<>();
    try (Autoencoder autoencoder = weights.autoencoder();
        FrameReader reader = source.reader(manifest, CACHE_BYTES)) {
      while (lists.hasNext()) {
        double[] sum = new double[3];
        for (int frame : lists.next()) {
          add(autoencoder, reader.frame(catalog.locate(frame)), sum);
        }
        sums.add(sum);
      }
    }
    return sums.iterator();
  }

  private static void add(Autoencoder autoencoder, RgbImage frame, double[] sum) {
    float[] image = new float[frame.pixels().length];
    frame.toPlanar(image, 0);
    float[] moments = autoencoder.encode(image, 1, frame.height(), frame.width());
    int values = moments.length / 2;
    sum[0] += values;
    for (int i = 0; i < values; i++) {
      double mean = moments[i];
      sum[1] += mean;
      sum[2] += mean * mean + StrictMath.exp(moments[values + i]);
    }
  }
}
