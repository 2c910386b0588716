package org.latte4j.spark.autoencoder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.latte4j.data.frames.FrameCatalog;
import org.latte4j.data.frames.FrameManifest;
import org.latte4j.data.frames.FrameReader;
import org.latte4j.data.video.RgbImage;
import org.latte4j.model.autoencoder.Autoencoder;
import org.latte4j.model.autoencoder.Autoencoders;
import org.latte4j.model.kernels.KernelsChoice;
import org.latte4j.spark.device.TaskDevice;

/**
 * Errors on frames of held-out videos, on an executor: for each list of frames the number of colour
 * values, then the sum of squared differences (of 8-bit colours) of the trained autoencoder and of
 * each of the others.
 *
 * @param others names of cosine transforms
 */
record ReconstructionErrors(TrainedWeights weights, FrameSource source, List<String> others)
    implements FlatMapFunction<Iterator<int[]>, double[]> {
  private static final long CACHE_BYTES = 64 << 20;

  @Override
  public Iterator<double[]> call(Iterator<int[]> lists) throws Exception {
    TaskDevice.ofThisTask().bind();
    FrameManifest manifest = source.manifest();
    FrameCatalog catalog = source.heldOut(manifest);
    List<double[]> sums = new ArrayList<>();
    List<Autoencoder> autoencoders = new ArrayList<>();
    try (FrameReader reader = source.reader(manifest, CACHE_BYTES)) {
      autoencoders.add(weights.autoencoder());
      for (String other : others) {
        autoencoders.add(Autoencoders.open(other, () -> KernelsChoice.forBackend(1)));
      }
      while (lists.hasNext()) {
        double[] sum = new double[1 + autoencoders.size()];
        for (int frame : lists.next()) {
          add(autoencoders, reader.frame(catalog.locate(frame)), sum);
        }
        sums.add(sum);
      }
    } finally {
      autoencoders.forEach(Autoencoder::close);
    }
    return sums.iterator();
  }

  private static void add(List<Autoencoder> autoencoders, RgbImage frame, double[] sum) {
    sum[0] += frame.pixels().length;
    float[] image = new float[frame.pixels().length];
    frame.toPlanar(image, 0);
    for (int i = 0; i < autoencoders.size(); i++) {
      sum[1 + i] += squares(frame, roundTrip(autoencoders.get(i), image, frame));
    }
  }

  private static RgbImage roundTrip(Autoencoder autoencoder, float[] image, RgbImage frame) {
    float[] moments = autoencoder.encode(image, 1, frame.height(), frame.width());
    float[] means = Arrays.copyOf(moments, moments.length / 2);
    int factor = autoencoder.downsampling();
    float[] decoded = autoencoder.decode(means, 1, frame.height() / factor, frame.width() / factor);
    return RgbImage.fromPlanar(decoded, 0, frame.height(), frame.width());
  }

  private static double squares(RgbImage a, RgbImage b) {
    long sum = 0;
    for (int i = 0; i < a.pixels().length; i++) {
      int difference = (a.pixels()[i] & 255) - (b.pixels()[i] & 255);
      sum += (long) difference * difference;
    }
    return sum;
  }
}
