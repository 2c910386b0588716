package org.latte4j.spark.train;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.latte.ParameterLayout;
import org.latte4j.model.latte.PositionGrid;
import org.latte4j.model.settings.Settings;
import org.latte4j.spark.averaging.InitialState;
import org.latte4j.spark.checkpoint.Checkpoint;
import org.latte4j.spark.checkpoint.TrainedModel;
import org.latte4j.spark.convert.ConversionInput;
import org.latte4j.spark.start.StartPlan;
import org.latte4j.spark.start.StartReport;
import org.latte4j.spark.start.StartReportFile;
import org.latte4j.spark.start.StartSettings;
import org.latte4j.spark.start.StartingWeights;

/**
 * Where a run began: with a fresh network, or with weights made before. What follows from that for
 * the network (the grid that its positions are laid over) is in every checkpoint, so that a run
 * that goes on does not need those weights any more.
 *
 * @param model sizes, classes and latents
 * @param report what the network has of the weights it began with; empty if it began fresh
 * @param plan of a run that begins with weights now
 */
record RunStart(ModelCard model, Optional<StartReport> report, Optional<StartPlan> plan) {

  /** A run that begins now, as the settings say. */
  static RunStart begin(ModelCard model, Settings settings, Configuration hadoop)
      throws IOException {
    StartSettings start = StartSettings.from(settings);
    if (!start.given()) {
      return new RunStart(model, Optional.empty(), Optional.empty());
    }
    checkPrediction(model, settings, start, hadoop);
    StartPlan.Planned planned = StartingWeights.plan(model.network(), start, hadoop);
    return new RunStart(
        model.with(planned.plan().network().positions()),
        Optional.of(planned.report()),
        Optional.of(planned.plan()));
  }

  /** Weights that do not say it, such as torch's, are taken for what the run predicts. */
  private static void checkPrediction(
      ModelCard model, Settings settings, StartSettings start, Configuration hadoop)
      throws IOException {
    Optional<Prediction> source = ConversionInput.find(start.location(), hadoop).prediction();
    if (source.isPresent() && source.get() != model.prediction()) {
      throw settings.invalid(
          "model.prediction",
          "%s, which the weights of train.start-from predict"
              .formatted(source.get().name().toLowerCase(Locale.ROOT)));
    }
  }

  /** A run that goes on from a checkpoint. */
  static RunStart goingOn(ModelCard model, Checkpoint checkpoint, Configuration hadoop)
      throws IOException {
    PositionGrid positions =
        TrainedModel.find(checkpoint.path(), hadoop).card().network().positions();
    return new RunStart(
        model.with(positions), StartReportFile.read(checkpoint.path(), hadoop), Optional.empty());
  }

  /** The state before the first round of a run that begins now. */
  InitialState initialState(Settings settings, long seed, Configuration hadoop) {
    return plan.isPresent()
        ? new StartingWeights(
            plan.get(),
            StartSettings.from(settings).location(),
            seed,
            new SerializableConfiguration(hadoop))
        : new SeededState(new ParameterLayout(model.network()), seed);
  }
}
