package org.latte4j.spark.validation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.clip.ClipCatalog;
import org.latte4j.model.weights.Part;
import org.latte4j.spark.averaging.StateVector;
import org.latte4j.spark.averaging.TrainingState;
import org.latte4j.spark.history.HistoryEntry;
import org.latte4j.spark.history.HistoryEntry.Band;
import org.latte4j.spark.train.LatteRunDescription;

/**
 * Losses on held-out clips during training, by level of noise. Executors fetch the weights from the
 * state and read the clips from the shards; the driver gets the losses of each clip and adds them
 * up in the clips' order, so that the result is the same to the bit on every cluster.
 *
 * <p>Used by the driver's thread.
 */
public final class Validation {
  private final JavaSparkContext context;
  private final ValidationSettings settings;
  private final LatteRunDescription run;
  private final ValidationPlan plan;

  /**
   * Of a run that holds videos out.
   *
   * @throws IOException if no video is held out that is long enough for a clip
   */
  public Validation(JavaSparkContext context, ValidationSettings settings, LatteRunDescription run)
      throws IOException {
    this.context = context;
    this.settings = settings;
    this.run = run;
    ClipCatalog catalog =
        ClipCatalog.heldOut(
            run.shards().manifest(), run.catalog().window(), run.settings().heldOut());
    this.plan =
        new ValidationPlan(
            run.settings().heldOut().seed(), catalog.size(), settings.clips(), settings.bands());
  }

  /** Whether it is time again after so many finished rounds. */
  public boolean due(long rounds) {
    return settings.everyRounds() > 0 && rounds % settings.everyRounds() == 0;
  }

  /** How many videos are held out. */
  public int videos() {
    return plan.videos();
  }

  /**
   * Evaluates the state.
   *
   * @return one entry for each set of weights
   */
  public List<HistoryEntry.Validation> of(TrainingState state) {
    List<HistoryEntry.Validation> entries = new ArrayList<>();
    for (Part part : settings.weights()) {
      long begin = System.nanoTime();
      List<ClipLosses> losses = losses(state, part);
      entries.add(
          new HistoryEntry.Validation(
              state.rounds(),
              run.plan().position(state.rounds()).step(),
              part.key(),
              losses.size(),
              (System.nanoTime() - begin) / 1e9,
              bands(losses)));
    }
    return entries;
  }

  private List<ClipLosses> losses(TrainingState state, Part part) {
    int tasks = Math.min(run.settings().workers(), plan.clips());
    ValidationTask task =
        new ValidationTask(
            plan,
            tasks,
            run.model().network(),
            run.model().prediction(),
            run.settings().threadsPerWorker(),
            run.shards().folder(),
            run.catalog().window(),
            run.settings().heldOut(),
            new SerializableConfiguration(context.hadoopConfiguration()));
    StateVector vector = part == Part.EMA ? StateVector.EMA : StateVector.PARAMETERS;
    context.setJobDescription(
        "validation after round %d, %s".formatted(state.rounds(), part.key()));
    try {
      return state.mapVector(vector, tasks, task).stream()
          .flatMap(List::stream)
          .sorted(Comparator.comparingInt(ClipLosses::clip))
          .toList();
    } finally {
      context.setJobDescription(null);
    }
  }

  private List<Band> bands(List<ClipLosses> losses) {
    List<Band> bands = new ArrayList<>();
    for (int band = 0; band < plan.bands(); band++) {
      double mse = 0;
      double bound = 0;
      for (ClipLosses clip : losses) {
        mse += clip.mse().get(band);
        bound += clip.bound().get(band);
      }
      mse /= losses.size();
      bound /= losses.size();
      bands.add(new Band(plan.first(band), plan.last(band), mse + bound, mse, bound));
    }
    return bands;
  }
}
