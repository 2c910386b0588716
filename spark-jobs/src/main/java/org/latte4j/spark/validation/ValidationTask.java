package org.latte4j.spark.validation;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.clip.ClipCatalog;
import org.latte4j.data.clip.ClipReader;
import org.latte4j.data.clip.ClipWindow;
import org.latte4j.data.clip.HeldOut;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.KernelsChoice;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LatteDenoiser;
import org.latte4j.spark.averaging.Activity;
import org.latte4j.spark.averaging.ActivityReport;
import org.latte4j.spark.averaging.SlicePlan;
import org.latte4j.spark.averaging.SliceWeights;
import org.latte4j.spark.averaging.VectorFunction;
import org.latte4j.spark.device.TaskDevice;

/** Evaluates every n-th clip of the plan, n being the number of tasks. */
final class ValidationTask implements VectorFunction<ArrayList<ClipLosses>> {
  private static final long serialVersionUID = 1L;

  /** Held-out rows are read once: nothing is gained by keeping them. */
  private static final long NO_CACHE = 0;

  private final ValidationPlan plan;
  private final int tasks;
  private final LatteConfiguration sizes;
  private final Prediction prediction;
  private final int threads;
  private final String shards;
  private final ClipWindow window;
  private final HeldOut heldOut;
  private final SerializableConfiguration hadoop;

  ValidationTask(
      ValidationPlan plan,
      int tasks,
      LatteConfiguration sizes,
      Prediction prediction,
      int threads,
      Path shards,
      ClipWindow window,
      HeldOut heldOut,
      SerializableConfiguration hadoop) {
    this.plan = plan;
    this.tasks = tasks;
    this.sizes = sizes;
    this.prediction = prediction;
    this.threads = threads;
    this.shards = shards.toString();
    this.window = window;
    this.heldOut = heldOut;
    this.hadoop = hadoop;
  }

  @Override
  public Activity activity() {
    return Activity.VALIDATE;
  }

  @Override
  public ArrayList<ClipLosses> apply(int task, SlicePlan slices, Iterator<FloatBuffer> values)
      throws IOException {
    TaskDevice.ofThisTask().bind();
    LatentShards opened = LatentShards.open(new Path(shards), hadoop.value());
    ClipCatalog catalog = ClipCatalog.heldOut(opened.manifest(), window, heldOut);
    try (Kernels kernels = KernelsChoice.forBackend(threads);
        LatteDenoiser denoiser =
            new LatteDenoiser(kernels, sizes, new SliceWeights(slices, values));
        ClipReader clips = new ClipReader(opened, catalog, plan.seed(), NO_CACHE)) {
      HeldOutLoss loss = new HeldOutLoss(plan, sizes, prediction, denoiser);
      ArrayList<ClipLosses> losses = new ArrayList<>();
      for (int clip = task; clip < plan.clips(); clip += tasks) {
        losses.add(loss.of(clip, clips));
        ActivityReport.step();
      }
      return losses;
    }
  }
}
